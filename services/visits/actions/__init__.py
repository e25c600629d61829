"""Every write about care plans and visits."""

from services.visits.actions.absences import cancel_absence, record_absence
from services.visits.actions.cancelling import cancel_visit
from services.visits.actions.checking import (
    Act,
    Proof,
    add_note,
    check_in,
    check_out,
    set_task,
)
from services.visits.actions.making import make_due
from services.visits.actions.plans import change_plan, create_plan, end_plan
from services.visits.actions.requesting import (
    agree_to_request,
    ask_for_visit,
    decline_request,
    withdraw_request,
)
from services.visits.actions.staffing import (
    ask_to_change,
    assign_visit,
    create_visit,
    leave_as_it_is,
    move_visit,
    set_fence,
)
from services.visits.actions.turning import (
    record_code_reading,
    record_door_reading,
    report_not_met,
    turn_down,
)

__all__ = [
    "Act",
    "Proof",
    "add_note",
    "agree_to_request",
    "ask_for_visit",
    "ask_to_change",
    "assign_visit",
    "cancel_absence",
    "cancel_visit",
    "change_plan",
    "check_in",
    "check_out",
    "create_plan",
    "create_visit",
    "decline_request",
    "end_plan",
    "leave_as_it_is",
    "make_due",
    "move_visit",
    "record_absence",
    "record_code_reading",
    "record_door_reading",
    "report_not_met",
    "set_fence",
    "set_task",
    "turn_down",
    "withdraw_request",
]
