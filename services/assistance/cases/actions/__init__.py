"""Everything that changes a case."""

from services.assistance.cases.actions.afterwards import (
    appeal,
    decide_appeal,
    keep,
    open_review,
    withdraw,
)
from services.assistance.cases.actions.deciding import (
    confirm,
    end_notice,
    issue_letter,
    object_to_notice,
    propose,
    return_case,
)
from services.assistance.cases.actions.investigating import (
    add_note,
    fill_visit,
    plan_visit,
    record_data_check,
    sign_visit,
)
from services.assistance.cases.actions.opening import (
    accept_case,
    list_missing,
    missing_papers,
    open_case,
    receive_paper,
    register_relative,
    take_charge,
)

__all__ = [
    "accept_case",
    "add_note",
    "appeal",
    "confirm",
    "decide_appeal",
    "end_notice",
    "fill_visit",
    "issue_letter",
    "keep",
    "list_missing",
    "missing_papers",
    "object_to_notice",
    "open_case",
    "open_review",
    "plan_visit",
    "propose",
    "receive_paper",
    "record_data_check",
    "register_relative",
    "return_case",
    "sign_visit",
    "take_charge",
    "withdraw",
]
