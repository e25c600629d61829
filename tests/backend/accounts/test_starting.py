"""Somebody new of the staff begins by a link: a password, then a second step, then their desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from backend.accounts import actions, totp
from backend.accounts.errors import BadLink, HasBegun
from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import Invalid
from backend.places.models import Area
from tests.builders import NOON, PASSWORD, a_caregiver, a_user, an_area, reloaded, signed_in
from tests.threads import at_once

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://testserver(/sign-in/start/[\w-]+)")
A_DAY = timedelta(hours=24)


def somebody_new(**fields: Any) -> User:
    """An operator who has no password yet."""
    given = {"username": "wang", "name": "王敏", "role": Role.OPERATOR, "area": an_area()}
    return actions.create_staff(**{**given, **fields}, password=None, by="user:1", now=NOON)


def a_link(user: User, *, now: Any = NOON) -> str:
    """The token of a fresh link."""
    return actions.issue_start_link(user, by="user:1", now=now).rpartition("/")[2]


def test_by_the_link_one_chooses_a_password_once() -> None:
    user = somebody_new()
    token = a_link(user)

    actions.begin_account(token, password=PASSWORD, now=NOON + A_DAY - timedelta(seconds=1))

    assert reloaded(user).check_password(PASSWORD)
    with pytest.raises(BadLink):
        actions.begin_account(token, password="another of seven words", now=NOON)
    reasons = AuditRow.objects.filter(subject=user.reference).order_by("pk")
    assert [row.reason for row in reasons] == [
        "account.created",
        "account.start_link",
        "account.begun",
    ]


def test_a_link_ends_after_a_day_with_a_newer_one_and_with_the_account() -> None:
    user = somebody_new()
    old = a_link(user)
    with pytest.raises(BadLink):
        actions.user_of_start_link(old, now=NOON + A_DAY)
    new = a_link(user)
    with pytest.raises(BadLink):
        actions.user_of_start_link(old, now=NOON)
    actions.deactivate_account(user, by="user:1", now=NOON)
    with pytest.raises(BadLink):
        actions.user_of_start_link(new, now=NOON)


def test_who_has_a_password_gets_no_link_and_no_link_resets_it() -> None:
    user = a_user(role=Role.OPERATOR, password=PASSWORD)
    with pytest.raises(HasBegun):
        a_link(user)


def test_a_weak_password_leaves_the_link_as_it_was() -> None:
    token = a_link(somebody_new())
    with pytest.raises(Invalid):
        actions.begin_account(token, password="short", now=NOON)
    assert actions.begin_account(token, password=PASSWORD, now=NOON).username == "wang"


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_link_at_once_do_not_both_choose() -> None:
    token = a_link(somebody_new())

    def choose() -> bool:
        try:
            actions.begin_account(token, password=PASSWORD, now=NOON)
        except BadLink:
            return False
        return True

    assert sorted(at_once(choose, choose)) == [False, True]


@pytest.mark.parametrize(
    ("role", "has_caregiver"), [(Role.CAREGIVER, False), (Role.OPERATOR, True)]
)
def test_the_accounts_of_caregivers_are_those_of_the_list(role: Role, has_caregiver: bool) -> None:
    with pytest.raises(Invalid):
        somebody_new(role=role, caregiver=a_caregiver() if has_caregiver else None)


def test_from_the_page_of_the_security_administrator_to_ones_own_desk() -> None:
    area = an_area()
    office = signed_in(a_user(role=Role.SECURITY, area=area))
    said = {"name": "王敏", "username": "wang", "role": "operator", "area": area.pk}
    with clock.set_to(NOON):
        link = _link_in(office.post("/account/staff/new/", said).content.decode())
        assert "尚未启用" in office.get("/account/staff/").content.decode()

        hers = Client()
        assert "wang" in hers.get(link).content.decode()
        assert hers.post(link, {"password": PASSWORD}).headers["Location"] == "/sign-in/staff/"
        hers.post("/sign-in/staff/", {"username": "wang", "password": PASSWORD})
        page = hers.get("/sign-in/second-factor/").content.decode()
        secret = re.search(r"\b[A-Z2-7]{32}\b", page)
        assert secret is not None
        code = totp.code_at(secret.group(), NOON)
        home = hers.post("/sign-in/second-factor/", {"code": code})
        assert home.headers["Location"] == "/desk/"

    assert "尚未启用" not in office.get("/account/staff/").content.decode()


def test_what_is_wrong_is_said_and_nothing_is_made() -> None:
    area, elsewhere = an_area(), an_area()
    office = signed_in(a_user(role=Role.SECURITY, area=area))
    taken = a_user(role=Role.OPERATOR).username
    wrong = {"name": "王敏", "username": taken, "role": "operator", "area": area.pk}
    for said in (wrong, {**wrong, "username": "wang", "area": elsewhere.pk}):
        answer = office.post("/account/staff/new/", said)
        assert answer.status_code == 422
    as_carer = {**wrong, "username": "wang", "role": "caregiver"}
    page = office.post("/account/staff/new/", as_carer).content.decode()
    assert "请选择是哪一位。" in page
    assert not User.objects.filter(username="wang").exists()


def test_somebody_who_lost_the_link_is_given_another() -> None:
    user = somebody_new()
    assert user.area is not None
    old = a_link(user)
    office = signed_in(a_user(role=Role.SECURITY, area=user.area))

    with clock.set_to(NOON):
        new = _link_in(office.post(f"/account/staff/{user.pk}/start/").content.decode())

    assert Client().get(f"/sign-in/start/{old}").status_code == 404
    with clock.set_to(NOON):
        assert Client().get(new).status_code == 200


def test_the_first_account_and_its_district_are_made_on_the_server(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command(
        "create_account", "li", name="李强", role="security", area="320213", area_name="梁溪区"
    )

    user = User.objects.get(username="li")
    assert (user.role, user.area.name) == (Role.SECURITY, "梁溪区")  # type: ignore[union-attr]
    assert not user.has_usable_password()
    assert LINK.search(capsys.readouterr().out)


def test_without_its_area_no_account_is_made_and_the_reason_is_said() -> None:
    with pytest.raises(CommandError, match="320213"):
        call_command("create_account", "li", name="李强", role="security", area="320213")
    assert not Area.objects.exists()
    assert not User.objects.exists()


def _link_in(page: str) -> str:
    link = LINK.search(page)
    assert link is not None
    return link.group(1)
