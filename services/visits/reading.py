"""What visits hear of from below: where a resident lives now."""

from datetime import datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Resident
from services.visits.actions.cancelling import cancel_for, take_up_again
from services.visits.actions.making import ENDS, PAUSES
from services.visits.actions.plans import end_plan, follow_plan, locked_plan
from services.visits.models import CarePlan, Visit

BY = "system:visits"
State = Resident.LifeState
GONE = {State.MOVED: Visit.CancelReason.MOVED, State.DIED: Visit.CancelReason.DIED}


def hear_life_state(event: JournalEvent, now: datetime) -> None:
    """In hospital or away, visits pause; back home they go on; moved or died, all ends."""
    resident = (
        Resident.objects.select_related("area").filter(pk=event.subject.partition(":")[2]).first()
    )
    if resident is None:
        return
    state = State(resident.life_state)
    plans = CarePlan.objects.filter(resident=resident, ended_at=None).order_by("pk")
    visits = Visit.objects.filter(resident=resident)
    if state in ENDS:
        cancel_for(visits, reason=GONE[state], by=BY, now=now)
        for plan in plans:
            end_plan(plan, reason=state.value, by=BY, now=now)
    elif state in PAUSES:
        cancel_for(visits, reason=PAUSES[state], by=BY, now=now)
    else:
        take_up_again(visits, by=BY, now=now)
        for plan in plans:
            follow_plan(locked_plan(plan), now=now)


readers.register("visits.life_state", "resident.life_state", handle=hear_life_state)
