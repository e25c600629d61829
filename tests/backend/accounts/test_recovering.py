"""Staff who lost their second factor: two others, a link, the password, a new factor."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backend.accounts import actions, totp
from backend.accounts.errors import NoRecovery, OwnAccount, SecurityMustAgree
from backend.accounts.models import AccessToken, OpenSession, Recovery, User
from backend.accounts.second_factor import SESSION_MARK
from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.errors import Invalid
from notifications.models import Delivery
from tests.builders import (
    NOON,
    PASSWORD,
    a_browser_session,
    a_phone,
    a_resident_account,
    a_user,
    an_api_token,
    phone_index,
    signed_in,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it begins at noon."""
    with clock.set_to(NOON):
        yield


def a_nurse(role: str = "operator") -> User:
    """Somebody of the staff with a password, an app that is lost, a phone and open doors."""
    phone = a_phone()
    user = a_user(role=role, password=PASSWORD, phone=phone, phone_index=phone_index(phone))
    totp.enrol(user, secret=totp.new_secret(), now=NOON)
    a_browser_session(user)
    an_api_token(user)
    return user


def a_lead(of: User, role: str = "lead") -> User:
    """Somebody who may help where this account works."""
    return a_user(role=role, area=of.area)


def recovered(user: User) -> str:
    """The path of the link after both have agreed."""
    actions.ask_recovery(user, reason="lost the phone", by=a_lead(user), now=NOON)
    link = actions.confirm_recovery(user, by=a_lead(user, "security"), now=NOON)
    return link.removeprefix("http://testserver")


def test_two_agree_and_everything_old_ends() -> None:
    user = a_nurse()

    recovered(user)

    assert not totp.is_enrolled(user)
    assert not OpenSession.objects.filter(user=user).exists()
    assert not AccessToken.objects.filter(user=user, revoked_at=None).exists()
    reasons = set(AuditRow.objects.filter(subject=user.reference).values_list("reason", flat=True))
    assert {"account.recovery_asked", "account.recovery_confirmed"} <= reasons


def test_the_owner_hears_of_both_steps_by_telephone() -> None:
    user = a_nurse()

    recovered(user)

    told = Delivery.objects.all()
    assert {each.template for each in told} == {
        "account_recovery_asked",
        "account_recovery_confirmed",
    }
    assert {each.address for each in told} == {user.phone}


def test_neither_alone_nor_for_oneself() -> None:
    user = a_nurse()
    lead = a_lead(user)
    with pytest.raises(OwnAccount):
        actions.ask_recovery(user, reason="lost", by=user, now=NOON)
    actions.ask_recovery(user, reason="lost", by=lead, now=NOON)

    for by in (lead, user):
        with pytest.raises(OwnAccount):
            actions.confirm_recovery(user, by=by, now=NOON)
    assert totp.is_enrolled(user)


def test_the_database_itself_wants_two_others() -> None:
    user = a_nurse()
    lead = a_lead(user)
    recovery = actions.ask_recovery(user, reason="lost", by=lead, now=NOON)

    for column, who in (("confirmed_by", lead), ("confirmed_by", user), ("asked_by", user)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recovery.objects.filter(pk=recovery.pk).update(**{column: who})


def test_an_administrators_needs_somebody_of_security() -> None:
    user = a_nurse("administrator")
    actions.ask_recovery(user, reason="lost", by=a_lead(user), now=NOON)

    with pytest.raises(SecurityMustAgree):
        actions.confirm_recovery(user, by=a_lead(user), now=NOON)
    assert actions.confirm_recovery(user, by=a_lead(user, "security"), now=NOON)


def test_it_is_confirmed_within_the_hour() -> None:
    user = a_nurse()
    actions.ask_recovery(user, reason="lost", by=a_lead(user), now=NOON)

    with pytest.raises(NoRecovery):
        actions.confirm_recovery(user, by=a_lead(user), now=NOON + HOUR)


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_or_for_a_citizen_nothing_is_asked(reason: str) -> None:
    user = a_nurse()
    with pytest.raises(Invalid):
        actions.ask_recovery(user, reason=reason, by=a_lead(user), now=NOON)
    with pytest.raises(Invalid):
        actions.ask_recovery(a_resident_account(), reason="x", by=a_lead(user), now=NOON)


def test_link_and_password_lead_to_a_new_app_once() -> None:
    user = a_nurse()
    path, client = recovered(user), Client()

    assert client.get(path).status_code == 200
    assert client.post(path, {"password": PASSWORD})["Location"] == "/sign-in/second-factor/"
    secret = client.get("/sign-in/second-factor/").context["secret"]
    client.post("/sign-in/second-factor/", {"code": totp.code_at(secret, NOON)})

    assert client.session[SESSION_MARK]
    assert totp.is_enrolled(user)
    assert Client().post(path, {"password": PASSWORD}).status_code == 404


def test_the_link_without_the_password_opens_nothing_and_stays_good() -> None:
    path, client = recovered(a_nurse()), Client()

    client.post(path, {"password": "a guess"})

    assert client.get("/sign-in/second-factor/").status_code == 302
    assert client.post(path, {"password": PASSWORD}).status_code == 302


def test_the_password_without_the_link_sets_up_nothing() -> None:
    user, client = a_nurse(), Client()
    recovered(user)
    client.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})

    assert client.get("/sign-in/second-factor/").status_code == 403
    begun = client.post("/account/passkeys/begin/", content_type="application/json")
    assert begun.json()["code"] == "step_up_required"


def test_asking_again_does_not_open_the_way_for_the_password_alone() -> None:
    user, client = a_nurse(), Client()
    recovered(user)
    actions.ask_recovery(user, reason="the link was lost", by=a_lead(user), now=NOON)
    client.post("/sign-in/staff/", {"username": user.username, "password": PASSWORD})

    assert client.get("/sign-in/second-factor/").status_code == 403


def test_a_link_is_worth_something_for_an_hour() -> None:
    path = recovered(a_nurse())

    with clock.set_to(NOON + HOUR):
        assert Client().get(path).status_code == 404


def test_the_pages_lead_two_people_through_it() -> None:
    user = a_nurse()
    lead, other = a_lead(user), a_lead(user)
    door = f"/account/staff/{user.pk}/recovery/"
    signed_in(lead).post(door, {"reason": "lost the phone"})
    own = signed_in(lead).get("/account/staff/").content.decode()
    seen = signed_in(other).get("/account/staff/").content.decode()

    page = signed_in(other).post(f"{door}confirm/")

    assert f"{door}confirm/" not in own
    assert f"{door}confirm/" in seen
    assert "/sign-in/recover/" in page.content.decode()
