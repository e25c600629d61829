"""Deletion: by two people, everywhere, for good; what a law keeps stays until its day."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backend.accounts.models import Role
from backend.core.holding import Ending, holdings
from backend.people.actions import enrol_resident, lift_tombstones
from backend.people.errors import WasDeleted
from backend.people.models import Resident, Tombstone
from devices.ingest.raising import Alarm, raise_alarms
from notifications.models import Delivery
from services.community.doers import Doer
from services.emergencies.models import EmergencyCall
from services.rights import actions, erased_list, restoring
from services.rights.actions import erase
from services.rights.errors import Blocked, OnHold, SameOfficer
from services.rights.models import KeptByLaw, RightsRequest
from services.trust.models import RecordOpening
from tests.builders import (
    NOON,
    a_contact,
    a_device,
    a_household,
    a_phone,
    a_resident,
    a_resident_account,
    a_ringing_call,
    reloaded,
)
from tests.services.rights.builders import a_request, an_officer
from tests.worlds import a_world

Kind, State = RightsRequest.Kind, RightsRequest.State
BY = Doer("user:1", "周芳")


@pytest.fixture(autouse=True)
def own_list(settings: Any, tmp_path: Path) -> None:
    """A list of the deleted of this test alone."""
    settings.STATE_DIR = tmp_path


def deleted(resident: Resident) -> RightsRequest:
    """A resident's deletion, asked, approved and confirmed."""
    request = a_request(Kind.DELETE, resident=resident)
    actions.approve(request, officer=an_officer(resident), now=NOON)
    return actions.confirm(request, officer=an_officer(resident), now=NOON)


@pytest.mark.django_db
def test_two_people_delete_and_the_person_is_told_before_their_number_is_gone() -> None:
    resident = a_resident(phone=a_phone(), birth_date=date(1940, 5, 1))
    number = resident.phone
    request = a_request(Kind.DELETE, resident=resident, phone=number)
    first = an_officer(resident)
    actions.approve(request, officer=first, now=NOON)

    with pytest.raises(SameOfficer):
        actions.confirm(request, officer=first, now=NOON)
    actions.confirm(request, officer=an_officer(resident), now=NOON)

    gone = reloaded(resident)
    assert (gone.name, gone.phone, gone.phone_index, gone.birth_date) == ("", "", "", None)
    assert gone.life_state == Resident.LifeState.MOVED
    told = Delivery.objects.get(cause=request.reference, template="rights_done")
    assert told.address == number


@pytest.mark.django_db
def test_nothing_of_a_whole_world_still_names_the_deleted_but_what_a_law_keeps() -> None:
    world = a_world()
    resident = Resident.objects.get(pk__in=world.keys[Resident])
    EmergencyCall.objects.filter(resident=resident).update(
        state="resolved", due_at=None, resolved_at=NOON
    )
    home, street = resident.household, resident.household.address.text
    # In this world every account has opened the record; citizens open nobody's.
    RecordOpening.objects.update(user=world.users[Role.OPERATOR])

    actions.erase(resident, by=BY, now=NOON)

    for holding in holdings():
        rows = holding.rows_of(resident.pk)
        if holding.ending is Ending.ERASED:
            assert not rows.exists(), holding.model
        elif holding.ending is Ending.EMPTIED:
            for row in rows:
                left = {name: getattr(row, name) for name in holding.emptied}
                assert left == dict(holding.emptied), holding.model
    kept = {each.model.lower().replace(".", "_") for each in holdings() if each.law}
    assert set(_tables_that_name(street)) <= kept
    assert KeptByLaw.objects.filter(resident=resident, model="people.Consent").exists()
    assert reloaded(resident).household != home


def _tables_that_name(word: str) -> Iterator[str]:
    """Tables in which a word still stands, as the database has them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            rows = f"SELECT 1 FROM {name} t WHERE t::text LIKE %s LIMIT 1"  # noqa: S608
            cursor.execute(rows, [f"%{word}%"])
            if cursor.fetchone():
                yield table


@pytest.mark.django_db
def test_an_open_call_and_a_legal_hold_block_a_deletion_with_a_plain_reason() -> None:
    call = a_ringing_call()
    assert call.resident is not None
    officer = an_officer(call.resident)
    request = a_request(Kind.DELETE, resident=call.resident)

    with pytest.raises(Blocked):
        actions.approve(request, officer=officer, now=NOON)
    EmergencyCall.objects.filter(pk=call.pk).update(state="resolved", due_at=None, resolved_at=NOON)
    until = NOON.date() + timedelta(days=30)
    hold = actions.place_hold(
        call.resident, reason="遗产纠纷待法院判决", law="民事诉讼法", until=until, by=BY, now=NOON
    )
    with pytest.raises(OnHold):
        actions.approve(request, officer=officer, now=NOON)
    actions.lift_hold(hold, by=BY, now=NOON)

    assert actions.approve(request, officer=officer, now=NOON).state == State.APPROVED


@pytest.mark.django_db
def test_whoever_was_deleted_is_not_taken_in_by_a_table_but_when_they_say_so() -> None:
    resident = a_resident(birth_date=date(1940, 5, 1))
    deleted(resident)
    details = {"name": "陈桂英", "birth_date": date(1940, 5, 1)}

    with pytest.raises(WasDeleted):
        enrol_resident(household=a_household(), details=details, by="user:1", now=NOON)
    lift_tombstones(Tombstone.objects.filter(resident_id=resident.pk), by="user:1", now=NOON)

    again = enrol_resident(household=a_household(), details=details, by="user:1", now=NOON)
    assert again.pk != resident.pk


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_does_not_bring_the_deleted_back_unnoticed() -> None:
    resident = a_resident(birth_date=date(1940, 5, 1), phone=a_phone())
    deleted(resident)
    assert list(erased_list.entries()) == [resident.pk]
    Tombstone.objects.all().delete()
    Resident.objects.filter(pk=resident.pk).update(name="陈桂英")

    with pytest.raises(CommandError, match="1 deleted"):
        call_command("replay_erasures")
    call_command("replay_erasures", "--apply", verbosity=0)

    assert reloaded(resident).name == ""
    call_command("replay_erasures")


def brought_back(resident: Resident) -> None:
    """As an old backup does it."""
    deleted(resident)
    Tombstone.objects.all().delete()
    Resident.objects.filter(pk=resident.pk).update(name="陈桂英")


@pytest.mark.django_db(transaction=True)
def test_the_start_after_a_restore_deletes_again_before_a_door_opens() -> None:
    resident = a_resident(birth_date=date(1940, 5, 1), phone=a_phone())
    brought_back(resident)

    call_command("migrate", verbosity=0)

    assert reloaded(resident).name == ""
    assert Tombstone.objects.filter(resident_id=resident.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_who_cannot_be_deleted_again_keeps_nobody_from_being_helped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = a_resident(phone=a_phone()), a_resident(phone=a_phone())
    deleted(other)
    brought_back(stuck)
    Resident.objects.filter(pk=other.pk).update(name="王秀兰")

    def fails_for_one(resident: Resident, **stamp: Any) -> None:
        if resident.pk == stuck.pk:
            raise ValueError
        erase(resident, **stamp)

    monkeypatch.setattr(restoring, "erase", fails_for_one)
    call_command("migrate", verbosity=0)

    assert reloaded(other).name == ""
    assert f"resident:{stuck.pk}" in caplog.text
    with pytest.raises(CommandError, match="1 could not"):
        call_command("replay_erasures", "--apply", verbosity=0)


@pytest.mark.django_db
def test_the_button_of_somebody_deleted_still_reaches_the_desk() -> None:
    resident = a_resident()
    button = a_device(resident=resident)
    deleted(resident)
    button.refresh_from_db()
    assert (button.resident, button.household, button.active) == (None, None, True)

    alarm = Alarm("sos", NOON, f"device:{button.pk}", "emergency", device_id=button.pk)
    (raised,) = raise_alarms([alarm])
    call = EmergencyCall.objects.get(pk=str(raised.call_id))

    assert not call.verified
    assert call.resident is None
    assert call.due_at is not None


@pytest.mark.django_db
def test_of_a_home_where_others_live_nothing_of_theirs_is_taken() -> None:
    resident = a_resident()
    a_resident(household=resident.household, name="陈大爷")
    button = a_device(resident=resident)

    deleted(resident)

    button.refresh_from_db()
    assert (button.resident, button.household) == (None, resident.household)
    assert reloaded(resident.household).door_code == "1357#"


@pytest.mark.django_db
def test_what_a_law_kept_is_emptied_when_its_time_is_over_and_the_account_is_gone_at_once() -> None:
    resident = a_resident(phone=a_phone())
    a_contact(resident=resident)
    account = a_resident_account(resident)
    request = deleted(resident)
    assert not type(account).objects.filter(pk=account.pk).exists()
    kept = KeptByLaw.objects.get(resident=resident, model="rights.RightsRequest")
    assert reloaded(request).name == request.name

    assert actions.empty_what_is_over(now=kept.until - timedelta(seconds=1)) == 0
    assert actions.empty_what_is_over(now=kept.until) >= 1

    assert (reloaded(request).name, reloaded(request).words) == ("", "")
