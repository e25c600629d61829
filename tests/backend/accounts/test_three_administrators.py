"""System, security and audit administrator never meet in one account."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from backend.accounts import access, actions
from backend.accounts.errors import AdministersAlready, OwnAccount
from backend.accounts.models import ADMINISTRATORS, OpenSession, Role, User
from backend.core import clock
from backend.core.errors import Invalid
from tests.builders import (
    NOON,
    a_browser_session,
    a_resident_account,
    a_user,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it happens at noon."""
    with clock.set_to(NOON):
        yield


def give(user: User, role: Role) -> None:
    """Security gives a role."""
    actions.change_role(user, role=role, by=a_user(role="security"), now=NOON)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_who_was_one_never_becomes_another_not_even_by_way_of_a_third_role(
    first: Role, second: Role
) -> None:
    if first == second:
        return
    user = a_user(role=first)
    with pytest.raises(AdministersAlready):
        give(user, second)
    give(user, Role.OPERATOR)

    with pytest.raises(AdministersAlready):
        give(user, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(role=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(role=second, administers=second)


def test_who_was_one_may_be_the_same_again() -> None:
    user = a_user(role="security")
    give(user, Role.LEAD)
    give(user, Role.SECURITY)

    assert reloaded(user).role == Role.SECURITY


def test_nobody_changes_their_own_role() -> None:
    user = a_user(role="security")

    with pytest.raises(OwnAccount):
        actions.change_role(user, role=Role.LEAD, by=user, now=NOON)


def test_roles_of_staff_are_for_staff() -> None:
    with pytest.raises(Invalid):
        give(a_resident_account(), Role.OPERATOR)
    with pytest.raises(Invalid):
        give(a_user(role="operator"), Role.RESIDENT)


def test_a_new_role_ends_what_the_old_one_had_open() -> None:
    user = a_user(role="officer")
    a_browser_session(user)

    give(user, Role.LEAD)

    assert not OpenSession.objects.filter(user=user).exists()


@pytest.mark.parametrize("role", ["administrator", "auditor", "lead"])
def test_only_security_gives_roles(role: str) -> None:
    user = a_user(role="operator")

    answer = signed_in(a_user(role=role, area=user.area)).post(
        f"/account/staff/{user.pk}/role/", {"role": "lead"}
    )

    assert answer.status_code == 404
    assert reloaded(user).role == Role.OPERATOR


def test_security_gives_roles_in_its_own_area() -> None:
    user, far = a_user(role="operator"), a_user(role="operator")
    security = signed_in(a_user(role="security", area=user.area))

    security.post(f"/account/staff/{user.pk}/role/", {"role": "lead"})
    answer = security.post(f"/account/staff/{far.pk}/role/", {"role": "lead"})

    assert (reloaded(user).role, answer.status_code) == (Role.LEAD, 404)


def test_each_of_the_three_has_what_is_its_own_and_nothing_of_the_others() -> None:
    def of(role: Role) -> set[tuple[str, str]]:
        shared = {(row.resource, row.action) for row in access.table() if row.role == Role.OPERATOR}
        rows = {(row.resource, row.action) for row in access.table() if row.role == role}
        return {row for row in rows - shared if row[1] not in {"list", "read"}} | {
            row for row in rows if row[0] in {"audit", "accounts"}
        }

    runs, secures, audits = (of(role) for role in ADMINISTRATORS)

    assert ("areas", "change") in runs
    assert {("accounts", "change-role"), ("accounts", "end-sessions")} <= secures
    assert ("audit", "list") in audits
    assert not runs & secures
    assert not secures & audits
    assert not runs & audits
