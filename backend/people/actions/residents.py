"""Residents: enrolled, changed, at home or away."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from backend.core.errors import Invalid
from backend.people import phones
from backend.people.actions.tombstones import tombstones_of
from backend.people.errors import AlreadyEnrolled, PersonInUse, TooLateToUndo, WasDeleted
from backend.people.identity import read_id_number
from backend.people.models import Household, LifePeriod, Resident
from backend.people.record import CHANGE, CREATE, DELETE, note_about_resident

PHONES = ("phone", "second_phone")
UNDONE_WITHIN = timedelta(days=1)
"""A state entered for the wrong person is taken back; later it is changed, and both are kept."""


@transaction.atomic
def enrol_resident(
    *, household: Household, details: Mapping[str, Any], by: str, now: datetime
) -> Resident:
    """Take somebody into the district's care; `details` are fields of `Resident`.

    Birth date and sex are read from the identity number where they are not given.

    Raises:
        BadPhone, BadIdNumber, Invalid: an entry cannot be used.
        AlreadyEnrolled: the identity number is another resident's.
        WasDeleted: they were deleted at their wish, and nobody noted that they came again.
    """
    today = timezone.localdate(now)
    resident = Resident(household=household, life_state_since=today)
    _apply(resident, details, today=today)
    name, birth_date, number = resident.name, resident.birth_date, resident.id_number
    if tombstones_of(name=name, birth_date=birth_date, id_number=number).exists():
        raise WasDeleted
    _save(resident)
    LifePeriod.objects.create(
        resident=resident,
        state=resident.life_state,
        since=today,
        recorded_at=now,
        recorded_by=by,
    )
    note_about_resident(resident, "resident.enrolled", CREATE, fields=details, by=by, now=now)
    return resident


@transaction.atomic
def change_resident(
    resident: Resident, *, changes: Mapping[str, Any], by: str, now: datetime
) -> Resident:
    """Change what is known about a resident; a new household also changes the area.

    Raises:
        BadPhone, BadIdNumber, Invalid: an entry cannot be used.
        AlreadyEnrolled: the identity number is another resident's.
    """
    resident = Resident.objects.select_for_update().get(pk=resident.pk)
    _apply(resident, changes, today=timezone.localdate(now))
    _save(resident)
    note_about_resident(resident, "resident.changed", CHANGE, fields=changes, by=by, now=now)
    return resident


def _apply(resident: Resident, changes: Mapping[str, Any], *, today: date) -> None:
    for field, value in changes.items():
        setattr(resident, field, value)
    resident.area = resident.household.address.area
    for field in PHONES:
        if changes.get(field):
            setattr(resident, field, _phone(changes[field], field))
    resident.living = sorted(set(resident.living))
    if resident.birth_date and resident.birth_date > today:
        raise Invalid(fields={"birth_date": ["in_the_future"]})
    if changes.get("id_number"):
        _read_card(resident, changes, today=today)


def _phone(given: str, field: str) -> str:
    try:
        return phones.normalized(given)
    except Invalid as error:
        raise type(error)(fields={field: ["bad_phone"]}) from error


def _read_card(resident: Resident, changes: Mapping[str, Any], *, today: date) -> None:
    """Take the number, and what it says where nobody said otherwise."""
    card = read_id_number(resident.id_number, today=today)
    resident.id_number = card.number
    if changes.get("birth_date") and changes["birth_date"] != card.birth_date:
        raise Invalid(fields={"birth_date": ["differs_from_id_number"]})
    if changes.get("sex", Resident.Sex.UNKNOWN) not in (card.sex, Resident.Sex.UNKNOWN):
        raise Invalid(fields={"sex": ["differs_from_id_number"]})
    resident.birth_date, resident.sex = card.birth_date, card.sex


def _save(resident: Resident) -> None:
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:
        if "resident_id_number_once" in str(error):
            raise AlreadyEnrolled from error
        raise


@transaction.atomic
def set_life_state(
    resident: Resident,
    *,
    state: Resident.LifeState,
    since: date,
    expected_until: date | None = None,
    by: str,
    now: datetime,
) -> Resident:
    """Say where a resident lives from a day on: at home, away, in hospital, moved, died.

    The period before ends that day. Saying the same again changes the expected return only.

    Raises:
        Invalid: the day is in the future, before the last change, or after the expected return.
    """
    resident = Resident.objects.select_for_update().get(pk=resident.pk)
    _require_order(resident, since, expected_until, today=timezone.localdate(now))
    current = resident.life_periods.filter(until=None)
    if resident.life_state == state and current.exists():
        current.update(expected_until=expected_until)
    else:
        current.update(until=since)
        LifePeriod.objects.create(
            resident=resident,
            state=state,
            since=since,
            expected_until=expected_until,
            recorded_at=now,
            recorded_by=by,
        )
        resident.life_state, resident.life_state_since = state, since
        resident.save(update_fields=["life_state", "life_state_since"])
    fields = ["life_state", "life_state_since"]
    note_about_resident(resident, "resident.life_state", CHANGE, fields=fields, by=by, now=now)
    return resident


@transaction.atomic
def undo_life_state(resident: Resident, *, by: str, now: datetime) -> Resident:
    """Take back the last change of life state, as if it had not been said.

    Raises:
        TooLateToUndo: it was said more than a day ago, or there was none before it.
    """
    resident = Resident.objects.select_for_update().get(pk=resident.pk)
    periods = list(resident.life_periods.order_by("-since", "-pk")[:2])
    if len(periods) < 2 or now - periods[0].recorded_at > UNDONE_WITHIN:
        raise TooLateToUndo
    wrong, before = periods
    wrong.delete()
    before.until = None
    before.save(update_fields=["until"])
    resident.life_state, resident.life_state_since = before.state, before.since
    fields = ["life_state", "life_state_since"]
    resident.save(update_fields=fields)
    note_about_resident(resident, "resident.life_state", CHANGE, fields=fields, by=by, now=now)
    return resident


def _require_order(
    resident: Resident, since: date, expected_until: date | None, *, today: date
) -> None:
    if since > today:
        raise Invalid(fields={"since": ["in_the_future"]})
    if resident.life_state_since and since < resident.life_state_since:
        raise Invalid(fields={"since": ["before_last_change"]})
    if expected_until and expected_until < since:
        raise Invalid(fields={"expected_until": ["before_since"]})


@transaction.atomic
def remove_resident(resident: Resident, *, by: str, now: datetime) -> None:
    """Remove somebody who was enrolled by mistake; who has a history stays.

    Raises:
        PersonInUse: there are records about them.
    """
    note_about_resident(resident, "resident.removed", DELETE, by=by, now=now)
    try:
        resident.delete()
    except ProtectedError as error:
        raise PersonInUse from error
