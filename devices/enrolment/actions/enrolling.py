"""The steps of an enrolment; each is saved by itself and can be said anew."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.people import actions as people
from backend.people import identity, phones
from backend.people.errors import AlreadyEnrolled, WasDeleted
from backend.people.models import Consent, Contact, Household, Resident
from backend.people.queries import consents_in_force
from backend.places.models import Area
from devices.enrolment.errors import NotYet
from devices.enrolment.models import Enrolment
from devices.enrolment.record import note_enrolment
from notifications.actions import set_preference

Step = Enrolment.Step
STEPS = list(Step)
DATES = ("birth_date",)


@transaction.atomic
def begin_enrolment(*, area: Area, by: str, now: datetime) -> Enrolment:
    """Start with nobody yet."""
    enrolment = Enrolment.objects.create(area=area, begun_at=now, begun_by=by, changed_at=now)
    note_enrolment(enrolment, "enrolment.begun", by=by, now=now)
    return enrolment


@transaction.atomic
def take_up_again(resident: Resident, *, by: str, now: datetime) -> Enrolment:
    """The enrolment in which what is known of a resident is changed: the one they came in by.

    Who came in otherwise, by a table, gets one of which the test press is still to be made.
    """
    resident = Resident.objects.select_for_update().get(pk=resident.pk)
    last = Enrolment.objects.filter(resident=resident).order_by("begun_at", "pk").last()
    if last is not None:
        last.area_id = resident.area_id
        last.save(update_fields=["area"])
        return last
    enrolment = Enrolment.objects.create(
        area_id=resident.area_id,
        resident=resident,
        name=resident.name,
        step=Step.TEST,
        begun_at=now,
        begun_by=by,
        changed_at=now,
    )
    note_enrolment(enrolment, "enrolment.begun", by=by, now=now)
    return enrolment


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",))
    return rows.select_related("area", "resident__household__address").get(pk=enrolment.pk)


def resident_of(enrolment: Enrolment) -> Resident:
    """Who is enrolled.

    Raises:
        NotYet: there is no person with a home yet.
    """
    if enrolment.resident is None:
        raise NotYet
    return enrolment.resident


@transaction.atomic
def move_on(enrolment: Enrolment, step: str, *, by: str, now: datetime) -> Enrolment:
    """Note that a step is done: the next one is to go on with; going back loses nothing."""
    done = STEPS.index(Step(step))
    reached = max(STEPS.index(Step(enrolment.step)), min(done + 1, len(STEPS) - 1))
    enrolment.step = STEPS[reached]
    enrolment.changed_at = now
    enrolment.save(update_fields=["step", "changed_at"])
    note_enrolment(enrolment, "enrolment.step", by=by, now=now)
    return enrolment


@transaction.atomic
def save_person(
    enrolment: Enrolment,
    *,
    details: Mapping[str, Any],
    comes_again: bool = False,
    by: str,
    now: datetime,
) -> Enrolment:
    """Keep what is said of the person; birth date and sex are read from the identity number.

    Before there is a home it is a draft, checked as it will be when they are enrolled. With
    `comes_again` they said themselves that they want to be taken in, although they were deleted.

    Raises:
        BadIdNumber, BadPhone, Invalid: an entry cannot be used.
        AlreadyEnrolled: the identity number is another resident's.
        WasDeleted: they were deleted at their wish, and did not say that they come again.
    """
    enrolment = _locked(enrolment)
    if enrolment.resident is not None:
        people.change_resident(enrolment.resident, changes=details, by=by, now=now)
    else:
        kept = _checked(details, today=timezone.localdate(now))
        before = people.tombstones_of(
            name=kept.get("name", ""),
            birth_date=kept.get("birth_date"),
            id_number=kept.get("id_number", ""),
        )
        if comes_again:
            people.lift_tombstones(before, by=by, now=now)
        elif before.exists():
            raise WasDeleted
        enrolment.draft = json.dumps(kept, default=date.isoformat, ensure_ascii=False)
    enrolment.name = str(details["name"])
    enrolment.save(update_fields=["draft", "name"])
    return move_on(enrolment, Step.PERSON, by=by, now=now)


def _checked(details: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    kept = dict(details)
    for field in ("phone", "second_phone"):
        if kept.get(field):
            kept[field] = phones.normalized(kept[field])
    if kept.get("id_number"):
        card = identity.read_id_number(kept["id_number"], today=today)
        if Resident.objects.filter(id_number_index=identity.index(card.number)).exists():
            raise AlreadyEnrolled
        kept["id_number"] = card.number
        kept["birth_date"], kept["sex"] = card.birth_date, card.sex
    return kept


def drafted(enrolment: Enrolment) -> dict[str, Any]:
    """What was said of the person so far."""
    kept: dict[str, Any] = json.loads(enrolment.draft) if enrolment.draft else {}
    for field in DATES:
        if kept.get(field):
            kept[field] = date.fromisoformat(kept[field])
    return kept


@transaction.atomic
def save_home(
    enrolment: Enrolment,
    *,
    details: Mapping[str, Any],
    same_home: Household | None = None,
    by: str,
    now: datetime,
) -> Enrolment:
    """Keep the home, and enrol the person in it; `same_home` is one where others live already.

    `details` are area, address, lat, lon, datum, door_code, key_holder, entry_notes.

    Raises:
        NotYet: nobody is named yet.
        BadPosition: it is nowhere on the globe.
        AlreadyEnrolled: the identity number became another resident's meanwhile.
    """
    enrolment = _locked(enrolment)
    if enrolment.resident is not None:
        _change_home(enrolment.resident, details, same_home, by=by, now=now)
        enrolment.resident.refresh_from_db()
    else:
        enrolment.resident = _enrol(enrolment, details, same_home, by=by, now=now)
        enrolment.draft = ""
    enrolment.area = enrolment.resident.area
    enrolment.save(update_fields=["resident", "draft", "area"])
    return move_on(enrolment, Step.HOME, by=by, now=now)


def _enrol(
    enrolment: Enrolment,
    details: Mapping[str, Any],
    same_home: Household | None,
    *,
    by: str,
    now: datetime,
) -> Resident:
    person = drafted(enrolment)
    if not person.get("name"):
        raise NotYet
    home = same_home or _created(details, by=by, now=now)
    if same_home is not None:
        _change_entry(same_home, details, by=by, now=now)
    return people.enrol_resident(household=home, details=person, by=by, now=now)


def _created(details: Mapping[str, Any], *, by: str, now: datetime) -> Household:
    return people.create_household(
        area=details["area"],
        address=details["address"],
        lat=details.get("lat"),
        lon=details.get("lon"),
        entry=_entry(details),
        by=by,
        now=now,
    )


def _entry(details: Mapping[str, Any]) -> dict[str, str]:
    names = ("door_code", "key_holder", "entry_notes")
    return {name: details[name] for name in names if name in details}


def _change_entry(home: Household, details: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Add what is said of the way in; what others told and is not said again stays."""
    said = {name: text for name, text in _entry(details).items() if text}
    if said:
        people.change_household(home, changes=said, by=by, now=now)


def _change_home(
    resident: Resident,
    details: Mapping[str, Any],
    same_home: Household | None,
    *,
    by: str,
    now: datetime,
) -> None:
    if same_home is not None and same_home.pk != resident.household_id:
        people.change_resident(resident, changes={"household": same_home}, by=by, now=now)
        _change_entry(same_home, details, by=by, now=now)
        return
    changes: dict[str, Any] = {"area": details["area"], "address": details["address"]}
    if details.get("lat") is not None:
        changes |= {"lat": details["lat"], "lon": details["lon"]}
    changes |= _entry(details)
    people.change_household(resident.household, changes=changes, by=by, now=now)


@transaction.atomic
def save_consents(
    enrolment: Enrolment,
    *,
    answers: Mapping[str, bool],
    guardian: Contact | None,
    by: str,
    now: datetime,
) -> Enrolment:
    """Give or withdraw each item that was answered; what was not asked stays as it is.

    Raises:
        NotYet: there is no person with a home yet.
        NotTheirGuardian: the contact is not this resident's guardian.
    """
    enrolment = _locked(enrolment)
    resident = resident_of(enrolment)
    given = consents_in_force(resident.pk)
    for item, yes in answers.items():
        if yes and item not in given:
            people.give_consent(
                resident=resident,
                item=Consent.Item(item),
                guardian=guardian,
                by=by,
                now=now,
            )
        elif not yes and item in given:
            consent = resident.consents.get(item=item, withdrawn_at=None)
            people.withdraw_consent(consent, by=by, now=now)
    return move_on(enrolment, Step.CONSENTS, by=by, now=now)


@transaction.atomic
def save_preferences(
    enrolment: Enrolment, *, details: Mapping[str, Any], by: str, now: datetime
) -> Enrolment:
    """Keep language, dialect and the hour of the I-am-OK, and how they want to be reached.

    Raises:
        NotYet: there is no person with a home yet.
        Invalid: no channel, or quiet hours with one end.
    """
    enrolment = _locked(enrolment)
    resident = resident_of(enrolment)
    own = {name: details[name] for name in ("language", "dialect", "ok_at")}
    people.change_resident(resident, changes=own, by=by, now=now)
    set_preference(
        f"resident:{resident.pk}",
        channels=details["channels"],
        quiet_from=details.get("quiet_from"),
        quiet_until=details.get("quiet_until"),
    )
    return move_on(enrolment, Step.PREFERENCES, by=by, now=now)


@transaction.atomic
def forget_enrolment(enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """Put away an enrolment that will not go on; who was enrolled by then stays enrolled."""
    note_enrolment(enrolment, "enrolment.forgotten", by=by, now=now)
    enrolment.delete()
