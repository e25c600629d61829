"""What wellbeing hears of: where residents live, who spoke with them, what was closed."""

from datetime import datetime
from uuid import UUID

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Resident
from services.alerts.models import Alert
from services.visits.models import Visit
from services.wellbeing.actions import end_reminder, expect_again, follow, hear, look_after
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.models import Occurrence, OkDay, Reminder, Watched, Way

BY = "system:wellbeing"
GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
Heard = Watched.Heard


def hear_of_resident(event: JournalEvent, now: datetime) -> None:
    """A resident is new, has changed, lives elsewhere: reminders and their watch follow."""
    resident = _resident(event.subject.partition(":")[2])
    if resident is None:
        return
    follow(resident, now=now)
    if resident.life_state in GONE:
        for reminder in Reminder.objects.filter(resident=resident, ended_at=None):
            end_reminder(reminder, by=BY, now=now)
    if resident.life_state == Resident.LifeState.HOME:
        expect_again(resident, now=now)
    else:
        _let_be(resident, now)


def _let_be(resident: Resident, now: datetime) -> None:
    """Nobody is asked on in a home where nobody is, or of somebody who died."""
    who = Answerer(BY, "", Way.STAFF)
    for row in Occurrence.objects.filter(resident=resident, state=Occurrence.State.ASKED):
        look_after(row, who=who, state="silenced", now=now)
    for day in OkDay.objects.filter(resident=resident, state__in=OkDay.OPEN):
        look_after(day, who=who, state="silenced", now=now)


def hear_of_visit(event: JournalEvent, _now: datetime) -> None:
    """A caregiver was with a resident."""
    visit = Visit.objects.select_related("resident").filter(pk=_pk(event)).first()
    if visit is not None and not visit.drill:
        hear(visit.resident, how=Heard.VISIT, by=event.by, at=event.at)


def hear_of_call(event: JournalEvent, _now: datetime) -> None:
    """Somebody is with a resident who called for help, or the call was closed after it."""
    resident = _resident(event.resident_id)
    if resident is not None:
        hear(resident, how=Heard.EMERGENCY, by=event.by, at=event.at)


def hear_of_reply(event: JournalEvent, _now: datetime) -> None:
    """A resident answered a question of anybody's by a key or a text."""
    kind, _, pk = str(event.data.get("person", "")).partition(":")
    resident = _resident(pk) if kind == "resident" else None
    if resident is not None:
        hear(resident, how=Heard.CALL, by=event.by, at=event.at)


def hear_of_alert(event: JournalEvent, now: datetime) -> None:
    """Somebody closed the alert about a silent resident: what was asked is looked after."""
    alert = Alert.objects.filter(pk=_pk(event), kind=Alert.Kind.NO_ANSWER).first()
    if alert is None:
        return
    who = Answerer(event.by, "", Way.STAFF)
    for row in Occurrence.objects.filter(alert=alert, closed_at=None).order_by("pk"):
        look_after(row, who=who, now=now)
    for day in OkDay.objects.filter(alert=alert, closed_at=None).order_by("day"):
        look_after(day, who=who, now=now)


def _pk(event: JournalEvent) -> str:
    return event.subject.partition(":")[2]


def _resident(pk: UUID | str | None) -> Resident | None:
    residents = Resident.objects.select_related("area", "household")
    return residents.filter(pk=pk).first() if pk else None


readers.register(
    "wellbeing.residents",
    "resident.enrolled",
    "resident.changed",
    "resident.life_state",
    handle=hear_of_resident,
)
readers.register("wellbeing.visits", "visit.checked_in", handle=hear_of_visit)
readers.register("wellbeing.calls", "call.arrived", handle=hear_of_call)
readers.register("wellbeing.replies", "delivery.replied", handle=hear_of_reply)
readers.register("wellbeing.alerts", "alert.resolved", "alert.false", handle=hear_of_alert)
