"""Somebody looked in or rang; and an event after which everybody at risk is to be heard of."""

from datetime import datetime, timedelta

from django.db import transaction

from backend.audit.actions import record as audit
from backend.core import journal
from backend.core.errors import Invalid
from backend.people.models import Resident
from backend.places.models import Area
from services.alerts.actions import resolve_alert
from services.alerts.models import Alert
from services.emergencies.actions import Press, open_call
from services.emergencies.models import EmergencyCall
from services.wellbeing.actions.watching import hear
from services.wellbeing.models import AreaEvent, Watched, WelfareContact
from services.wellbeing.record import CREATE, note_write

Outcome = WelfareContact.Outcome
NOTE_MAX = 1_000
WITHIN_MAX_H = 72
HEARD = {
    WelfareContact.Kind.VISIT: Watched.Heard.WELFARE_VISIT,
    WelfareContact.Kind.CALL: Watched.Heard.WELFARE_CALL,
}


@transaction.atomic
def record_welfare(
    resident: Resident,
    *,
    kind: WelfareContact.Kind,
    outcome: WelfareContact.Outcome,
    note: str = "",
    at: datetime | None = None,
    by: str,
    by_name: str,
    now: datetime,
) -> WelfareContact:
    """Write down a welfare call or visit; who was not reached is still owed one.

    Who was found well needs nobody for their silence any more; who needs help is called back by
    the desk.

    Raises:
        Invalid: it lies in the future, or the note is too long.
    """
    happened_at = at or now
    if happened_at > now + timedelta(minutes=5) or len(note) > NOTE_MAX:
        raise Invalid(fields={"at": ["in_the_future"]} if len(note) <= NOTE_MAX else {"note": []})
    contact = WelfareContact.objects.create(
        resident=resident,
        kind=kind,
        outcome=outcome,
        note=note.strip(),
        at=min(happened_at, now),
        by=by,
        by_name=by_name[:60],
        recorded_at=now,
    )
    data = {"kind": kind.value, "outcome": outcome.value}
    note_write(contact.reference, "welfare.recorded", CREATE, resident, by=by, now=now, data=data)
    if outcome != Outcome.NOT_REACHED:
        _close_silence(resident, since=contact.at, by=by, now=now)
        hear(resident, how=HEARD[kind], by=by, at=contact.at)
    if outcome == Outcome.NEEDS_HELP:
        press = Press(
            metric="welfare",
            area=resident.area,
            household=resident.household,
            resident=resident,
            kind=EmergencyCall.Kind.SERVICE,
        )
        open_call(press=press, now=now)
    return contact


def _close_silence(resident: Resident, *, since: datetime, by: str, now: datetime) -> None:
    silent = Alert.objects.filter(
        resident=resident,
        kind=Alert.Kind.NO_ANSWER,
        state__in=Alert.OPEN,
        raised_at__lte=since,
    )
    for alert in silent.order_by("pk"):
        resolve_alert(alert, by=by, now=now)


@transaction.atomic
def declare_event(
    *, area: Area, kind: AreaEvent.Kind, within_h: int, by: str, now: datetime
) -> AreaEvent:
    """After a heatwave, a typhoon: everybody at risk in an area is owed a contact soon.

    Who is owed one sooner anyway stays so.

    Raises:
        Invalid: the hours are none, or more than three days.
    """
    if not 1 <= within_h <= WITHIN_MAX_H:
        raise Invalid(fields={"within_h": ["out_of_range"]})
    event = AreaEvent.objects.create(
        area=area,
        kind=kind,
        declared_at=now,
        declared_by=by,
        within_h=within_h,
        owed_by=now + timedelta(hours=within_h),
    )
    later = Watched.objects.filter(
        resident__area__path__startswith=area.path, owed_at__gt=event.owed_by
    )
    event.owed_count = later.update(
        owed_at=event.owed_by, due_at=event.owed_by, event=event, climbs=0, climbed_to=""
    )
    event.save(update_fields=["owed_count"])
    audit(actor=by, action=CREATE, subject=event.reference, now=now)
    journal.append(
        event.reference,
        "welfare.event",
        at=now,
        by=by,
        area_path=area.path,
        data={"kind": kind.value, "owed": event.owed_count, "within_h": within_h},
    )
    return event
