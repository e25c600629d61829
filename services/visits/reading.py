"""What visits hear of from below: where a resident lives now, which carer cannot go."""

from datetime import date, datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Caregiver, Resident
from backend.places.models import Area
from services.emergencies.models import EmergencyCall
from services.visits.actions import replanning
from services.visits.actions.cancelling import cancel_for, take_up_again
from services.visits.actions.making import ENDS, PAUSES
from services.visits.actions.plans import end_plan, follow_plan, locked_plan
from services.visits.actions.requesting import withdraw_all
from services.visits.gathering import CALL_TAKES
from services.visits.models import CarePlan, Visit

BY = "system:visits"
State = Resident.LifeState
DAYS_REPLANNED = 3
"""Of a long absence the next days are proposed at once; later ones when the rota is made."""
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
        withdraw_all(resident, by=BY, now=now)
        cancel_for(visits, reason=GONE[state], by=BY, now=now)
        for plan in plans:
            end_plan(plan, reason=state.value, by=BY, now=now)
    elif state in PAUSES:
        cancel_for(visits, reason=PAUSES[state], by=BY, now=now)
    else:
        take_up_again(visits, by=BY, now=now)
        for plan in plans:
            follow_plan(locked_plan(plan), now=now)


def hear_carer_gone(event: JournalEvent, now: datetime) -> None:
    """A carer is away, or went to a call: somebody else is proposed for what they leave."""
    caregiver = _gone(event)
    if caregiver is None:
        return
    street = Area.objects.filter(path=_street(caregiver.area.path)).first() or caregiver.area
    for day in _days_hit(event, caregiver, now):
        proposed = replanning.propose_day(street, day, cause=event.subject, by=BY, now=now)
        if not proposed.legs:
            proposed.delete()


def hear_turned_down(event: JournalEvent, now: datetime) -> None:
    """A carer gave one visit back: somebody else is proposed for it."""
    visit = Visit.objects.select_related("area").filter(pk=event.subject.partition(":")[2]).first()
    if visit is None or visit.state != Visit.State.PLANNED or visit.window_ends_at <= now:
        return
    street = Area.objects.filter(path=_street(visit.area.path)).first() or visit.area
    proposed = replanning.propose_day(street, visit.day, cause=event.subject, by=BY, now=now)
    if not proposed.legs:
        proposed.delete()


def _gone(event: JournalEvent) -> Caregiver | None:
    kind, _, key = event.subject.partition(":")
    caregivers = Caregiver.objects.select_related("area")
    if kind == "caregiver":
        return caregivers.filter(pk=key).first()
    call = EmergencyCall.objects.filter(pk=key, accepted_by_caregiver__isnull=False).first()
    gone = call.accepted_by_caregiver_id if call else None
    return caregivers.filter(pk=gone).first() if gone else None


def _street(path: str) -> str:
    return ".".join(path.split(".")[:2]) + "."


def _days_hit(event: JournalEvent, caregiver: Caregiver, now: datetime) -> list[date]:
    """The days ahead on which somebody else must go."""
    if event.type != "absence.recorded":
        soon = Visit.objects.filter(
            assignments__caregiver=caregiver,
            assignments__released_at=None,
            state__in=Visit.OPEN,
            window_starts_at__lt=now + CALL_TAKES,
            window_ends_at__gt=now,
        )
        return sorted(set(soon.values_list("day", flat=True)))
    left = Visit.objects.filter(
        assignments__caregiver=caregiver,
        assignments__released_at=event.at,
        state=Visit.State.PLANNED,
        window_ends_at__gt=now,
    )
    return sorted(set(left.values_list("day", flat=True)))[:DAYS_REPLANNED]


readers.register(
    "visits.carer_gone",
    "absence.recorded",
    "call.accepted",
    "call.on_the_way",
    handle=hear_carer_gone,
)
readers.register("visits.turned_down", "visit.turned_down", handle=hear_turned_down)
readers.register("visits.life_state", "resident.life_state", handle=hear_life_state)
