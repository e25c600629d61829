"""An alert is given to a caregiver, who sees it and deals with it, or loses it to another."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import clock, journal
from backend.people.models import Caregiver, Resident
from services.alerts.actions import assign_alert, raise_alert, resolve_alert
from services.alerts.errors import AlertClosed
from services.alerts.models import Alert
from tests.builders import (
    NOON,
    a_caregiver,
    a_caregiver_on_shift,
    a_phone,
    a_resident,
    a_user,
    an_area,
    api_of,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}
LATER = NOON + timedelta(minutes=20)


def an_alert(resident: Resident | None = None) -> Alert:
    of = resident or a_resident()
    return raise_alert(kind="water", area=of.area, resident=of, household=of.household, now=NOON)


def an_account_of(caregiver: Caregiver) -> User:
    return a_user(role=Role.CAREGIVER, area=caregiver.area, caregiver=caregiver)


def test_who_had_it_and_who_gets_it_both_hear_of_it() -> None:
    alert = an_alert()
    first, second = (a_caregiver(area=alert.area) for _ in range(2))
    assign_alert(alert, to=first, by="user:1", now=NOON)

    assign_alert(alert, to=second, by="user:1", now=LATER)

    heard = journal.about(f"alert:{alert.pk}").filter(type="alert.assigned").last()
    assert heard is not None
    assert set(heard.audience) == {f"caregiver:{first.pk}", f"caregiver:{second.pk}"}
    assert AuditRow.objects.filter(subject=f"alert:{alert.pk}").count() == 2


def test_to_the_same_again_changes_nothing() -> None:
    alert, caregiver = an_alert(), a_caregiver()
    assign_alert(alert, to=caregiver, by="user:1", now=NOON)
    told = journal.about(f"alert:{alert.pk}").count()

    assign_alert(alert, to=caregiver, by="user:1", now=LATER)

    assert journal.about(f"alert:{alert.pk}").count() == told


def test_a_closed_alert_is_given_to_nobody() -> None:
    alert = an_alert()
    resolve_alert(alert, by="user:1", now=NOON)

    with pytest.raises(AlertClosed):
        assign_alert(alert, to=a_caregiver(), by="user:1", now=LATER)


def test_the_desk_offers_who_is_on_shift_the_nearest_first_and_gives_it() -> None:
    resident = a_resident()
    alert = an_alert(resident)
    far = a_caregiver_on_shift(near=resident, name="远")
    Caregiver.objects.filter(pk=far.pk).update(last_lat=31.6)
    near = a_caregiver_on_shift(near=resident, name="近")
    desk = signed_in(a_user(role=Role.OPERATOR, area=resident.area))
    address = reverse("desk_alert_assign", args=[alert.pk])

    with clock.set_to(NOON):
        page = desk.get(address, headers=ENGLISH).content.decode()
        answer = desk.post(address, {"caregiver": str(near.pk), "next": "/desk/alerts/?kind=water"})

        board = desk.get("/desk/alerts/", headers=ENGLISH).content.decode()

    assert page.index("近") < page.index("远")
    assert answer.headers["Location"] == "/desk/alerts/?kind=water"
    assert reloaded(alert).assigned_to == near
    assert "近 sees to it" in board


@pytest.mark.parametrize("who", ["", "nobody", "of another district"])
def test_the_desk_gives_it_to_nobody_elses_caregiver(who: str) -> None:
    alert = an_alert()
    caregiver = str(a_caregiver(area=an_area()).pk) if who == "of another district" else who
    desk = signed_in(a_user(role=Role.OPERATOR, area=alert.area))

    desk.post(reverse("desk_alert_assign", args=[alert.pk]), {"caregiver": caregiver})

    assert reloaded(alert).assigned_to is None


def test_the_caregiver_sees_where_and_whom_to_ring_and_it_leaves_one_audit_row() -> None:
    resident = a_resident(phone=a_phone(), conditions="高血压")
    alert = an_alert(resident)
    caregiver = a_caregiver_on_shift(near=resident)
    assign_alert(alert, to=caregiver, by="user:1", now=NOON)
    account = an_account_of(caregiver)
    client = signed_in(account)

    with clock.set_to(NOON):
        told = [client.get("/care/calls/", headers=ENGLISH).json()["below"] for _ in range(2)]

    for said in ("water leak", resident.name, resident.household.address.text, resident.phone):
        assert said in told[0]
    assert "高血压" not in told[0]
    row = AuditRow.objects.get(subject=f"alert:{alert.pk}", action=AuditRow.Action.READ)
    assert (row.actor, row.fields) == (account.reference, ["phone"])


def test_others_do_not_see_it() -> None:
    alert = an_alert()
    assign_alert(alert, to=a_caregiver(area=alert.area), by="user:1", now=NOON)
    other = a_caregiver(area=alert.area)

    html = signed_in(an_account_of(other)).get("/care/calls/", headers=ENGLISH).json()["below"]

    assert "water leak" not in html


def test_the_caregiver_says_that_it_is_dealt_with_and_when_that_was() -> None:
    alert = an_alert()
    caregiver = a_caregiver(area=alert.area)
    assign_alert(alert, to=caregiver, by="user:1", now=NOON)
    program = api_of(an_account_of(caregiver))

    with clock.set_to(LATER):
        answer = program.post(
            f"/api/v1/alerts/{alert.pk}/resolve/",
            {"note": "水龙头没关", "at": (NOON + timedelta(minutes=5)).isoformat()},
            format="json",
        )

    assert answer.status_code == HTTPStatus.OK
    closed = reloaded(alert)
    assert (closed.state, closed.note) == ("resolved", "水龙头没关")
    assert closed.closed_at == NOON + timedelta(minutes=5)


def test_a_caregiver_closes_no_alert_of_others_and_calls_none_false() -> None:
    alert = an_alert()
    caregiver = a_caregiver(area=alert.area)
    program = api_of(an_account_of(caregiver))
    foreign = program.post(f"/api/v1/alerts/{alert.pk}/resolve/")
    assign_alert(alert, to=caregiver, by="user:1", now=NOON)

    own = program.post(f"/api/v1/alerts/{alert.pk}/mark-false/")

    assert (foreign.status_code, own.status_code) == (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)
