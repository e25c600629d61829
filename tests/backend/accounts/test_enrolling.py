"""Accounts are made with what their role needs, and leave a trace."""

from typing import Any

import pytest

from backend.accounts import actions
from backend.accounts.actors import actor_of
from backend.accounts.errors import PhoneTaken, UsernameTaken
from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import Invalid
from tests.builders import (
    NOON,
    PASSWORD,
    a_contact,
    a_phone,
    a_resident,
    an_area,
    phone_index,
    reloaded,
)

pytestmark = pytest.mark.django_db


def create_staff(**fields: Any) -> User:
    """An operator made by an administrator."""
    given = {
        "username": "wang",
        "name": "王敏",
        "role": Role.OPERATOR,
        "area": fields.pop("area", None) or an_area(),
        "password": PASSWORD,
        "by": "user:1",
        "now": NOON,
    }
    return actions.create_staff(**{**given, **fields})


def test_staff_get_an_account_with_area_and_password_and_it_is_written_down() -> None:
    area = an_area()
    user = create_staff(area=area)

    assert reloaded(user).check_password(PASSWORD)
    assert actor_of(user).area_path == area.path
    row = AuditRow.objects.get(subject=user.reference)
    assert (row.actor, row.action, row.reason) == ("user:1", "create", "account.created")
    assert [event.type for event in journal.about(user.reference)] == ["account.created"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"role": Role.FAMILY}, {"role": ["not_staff"]}),
        ({"password": "short"}, {"password": ["password_too_short"]}),
        ({"password": "password1234"}, {"password": ["password_too_common"]}),
    ],
)
def test_a_weak_password_and_a_citizens_role_are_refused(
    fields: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        create_staff(**fields)

    assert refused.value.data["fields"] == wrong


def test_a_name_and_a_number_belong_to_one_account() -> None:
    phone = a_phone()
    create_staff(phone=phone)

    with pytest.raises(UsernameTaken):
        create_staff()
    with pytest.raises(PhoneTaken):
        create_staff(username="li", phone=phone)


def test_a_resident_signs_in_with_the_phone_we_ring() -> None:
    resident = a_resident(phone=a_phone())
    user = actions.create_resident_account(resident, username="chen", by="user:1", now=NOON)

    assert user.phone_index == phone_index(resident.phone)
    assert not user.has_usable_password()
    assert actor_of(user).resident_id == resident.pk


def test_a_daughter_has_one_account_for_both_parents() -> None:
    phone = a_phone()
    contacts = [a_contact(phone=phone) for _ in range(2)]

    user = actions.create_family_account(contacts, username="li", by="user:1", now=NOON)

    assert actor_of(user).household_resident_ids == {c.resident_id for c in contacts}


def test_two_people_do_not_share_a_family_account() -> None:
    for contacts in ([], [a_contact(), a_contact()]):
        with pytest.raises(Invalid):
            actions.create_family_account(contacts, username="li", by="user:1", now=NOON)


def test_closing_and_opening_are_written_down_once() -> None:
    user = create_staff()
    for _ in range(2):
        actions.deactivate_account(user, by="user:1", now=NOON)
    for _ in range(2):
        actions.activate_account(user, by="user:1", now=NOON)

    types = [event.type for event in journal.about(user.reference)]
    assert types == ["account.created", "account.deactivated", "account.activated"]
