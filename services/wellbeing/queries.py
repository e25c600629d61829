"""Reminders, days and whom nobody has heard of, as their viewers may see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import areas_condition, residents_condition
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.people.models import Consent, Contact, Resident
from services.visits.models import CarePlan
from services.wellbeing import policies, signs
from services.wellbeing.models import (
    AreaEvent,
    Occurrence,
    OkDay,
    Reminder,
    Watched,
    Way,
    WelfareContact,
)
from services.wellbeing.policies import WAY_NEEDS


def _reached(actor: Actor, resource: str, action: str) -> Q:
    """What of a resource belongs to residents that the actor reaches; families by consent only."""
    scope = actor.scope(resource, action)
    reached = residents_condition(actor, scope, at="resident")
    if scope is Scope.HOUSEHOLD:
        reached &= Q(Exists(_consents(OuterRef("resident"))))
    if scope is Scope.ASSIGNED and actor.caregiver_id:
        reached |= Q(resident__watched__assigned_to=actor.caregiver_id)
    return reached


def _consents(resident: Any) -> QuerySet[Consent]:
    return Consent.objects.filter(resident=resident, item=Consent.Item.WELLBEING, withdrawn_at=None)


def reminders_visible_to(actor: Actor, action: str = "read") -> QuerySet[Reminder]:
    """Reminders within the actor's scope for an action."""
    return Reminder.objects.filter(_reached(actor, "reminders", action)).select_related(
        "resident__area"
    )


def reminder_for(actor: Actor, reminder_id: UUID | str, action: str = "read") -> Reminder:
    """One reminder within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    found = reminders_visible_to(actor, action).filter(pk=reminder_id).first()
    if found is None:
        raise NotFound
    return found


def occurrences_visible_to(actor: Actor, action: str = "read") -> QuerySet[Occurrence]:
    """Times of reminders within the actor's scope for an action."""
    return Occurrence.objects.filter(_reached(actor, "occurrences", action)).select_related(
        "resident__area", "reminder"
    )


def ok_days_visible_to(actor: Actor, action: str = "read") -> QuerySet[OkDay]:
    """Days of the I-am-OK within the actor's scope for an action."""
    return OkDay.objects.filter(_reached(actor, "ok-days", action)).select_related("resident__area")


def signs_not_shared(days: Iterable[OkDay]) -> frozenset[UUID]:
    """Which days a family is not told the sign of: one consent never opens another."""
    signed = {day: WAY_NEEDS[Way(day.way)] for day in days if day.way in WAY_NEEDS}
    given = set(
        Consent.objects.filter(
            resident__in={day.resident_id for day in signed}, withdrawn_at=None
        ).values_list("resident_id", "item")
    )
    return frozenset(day.pk for day, item in signed.items() if (day.resident_id, item) not in given)


def resident_to_remind(actor: Actor, resident_id: UUID | str) -> Resident | None:
    """A resident for whom the actor may set reminders; a family only while it is shared."""
    scope = actor.scope("reminders", "create")
    reached = residents_condition(actor, scope)
    if scope is Scope.HOUSEHOLD:
        reached &= Q(Exists(_consents(OuterRef("pk"))))
    residents = Resident.objects.select_related("area", "household")
    return residents.filter(reached, pk=resident_id).first()


def resident_to_look_in_on(actor: Actor, resident_id: UUID | str) -> Resident | None:
    """A resident about whom the actor may record a welfare call or visit."""
    scope = actor.scope("welfare-contacts", "create")
    reached = residents_condition(actor, scope)
    if scope is Scope.ASSIGNED and actor.caregiver_id:
        reached |= Q(watched__assigned_to=actor.caregiver_id)
    residents = Resident.objects.select_related("area", "household")
    return residents.filter(reached, pk=resident_id).first()


def welfare_visible_to(actor: Actor, action: str = "read") -> QuerySet[WelfareContact]:
    """Welfare calls and visits within the actor's scope."""
    return WelfareContact.objects.filter(_reached(actor, "welfare-contacts", action))


def events_visible_to(actor: Actor, action: str = "read") -> QuerySet[AreaEvent]:
    """Events declared in the actor's area."""
    scope = actor.scope("area-events", action)
    return AreaEvent.objects.filter(areas_condition(actor, scope)).select_related("area")


def watched_visible_to(actor: Actor, action: str = "list") -> QuerySet[Watched]:
    """Those at risk within the actor's scope, who is owed first standing first."""
    scope = actor.scope("nobody-forgotten", action)
    return (
        Watched.objects.filter(residents_condition(actor, scope, at="resident"))
        .select_related("resident__area", "assigned_to", "event")
        .order_by("owed_at", "pk")
    )


def watched_by(caregiver_id: UUID) -> QuerySet[Watched]:
    """Those whom a caregiver is to be in contact with."""
    return (
        Watched.objects.filter(assigned_to=caregiver_id, owed_at__isnull=False)
        .select_related("resident__household__address", "resident__area", "event")
        .order_by("owed_at", "pk")
    )


def without_contact(rows: QuerySet[Watched]) -> QuerySet[Watched]:
    """Those of whom nobody is known who could be called."""
    return rows.filter(~Exists(Contact.objects.filter(resident=OuterRef("resident"))))


def without_carer(rows: QuerySet[Watched]) -> QuerySet[Watched]:
    """Those to whom nobody comes by a plan, and whom nobody is named for who still works."""
    plans = CarePlan.objects.filter(resident=OuterRef("resident"), ended_at=None)
    return rows.filter(~Exists(plans)).exclude(assigned_to__active=True)


def running_reminders(resident: Resident) -> QuerySet[Reminder]:
    """Reminders of a resident that still ask, what is next first."""
    running = Reminder.objects.filter(resident=resident, ended_at=None, due_at__isnull=False)
    return running.order_by("due_at", "pk")


def unasked_in_quiet_hours(rows: QuerySet[Watched], *, now: datetime) -> QuerySet[Watched]:
    """Those who were not reminded of late, as it was due in hours in which they want quiet.

    What an outage made too late is dropped when its time to be asked is over, this before.
    """
    dropped = Occurrence.objects.filter(
        resident=OuterRef("resident"),
        state=Occurrence.State.DROPPED,
        closed_at__gt=now - policies.UNASKED_SHOWN,
        closed_at__lt=F("ask_until"),
        reminder__ended_at=None,
    )
    return rows.filter(Exists(dropped))


def without_device(rows: QuerySet[Watched]) -> QuerySet[Watched]:
    """Those in whose home no device works, as far as the package of devices knows."""
    return rows.exclude(signs.with_device("resident"))


def ok_today(resident_id: UUID, now: datetime) -> OkDay | None:
    """Today's row of a resident, if there is one."""
    return OkDay.objects.filter(resident=resident_id, day=timezone.localdate(now)).first()


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue reminder, question or day was due."""
    queues: list[QuerySet[Any]] = [
        Reminder.objects.filter(ended_at=None),
        Occurrence.objects.filter(state=Occurrence.State.ASKED),
        OkDay.objects.filter(state__in=OkDay.OPEN),
    ]
    found = [moment for rows in queues if (moment := oldest(rows, now=now)) is not None]
    return min(found) if found else None
