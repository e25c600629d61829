"""The caregivers' app: what asks, what is theirs, and what they may read of it."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import Role, User
from backend.audit.models import AuditRow
from backend.core import clock
from backend.people.models import Caregiver
from notifications.recipients import caregiver_recipient
from services.emergencies import ladder
from services.emergencies.actions import (
    Responder,
    accept_call,
    arrive,
    decline_call,
    resolve_call,
    set_on_the_way,
)
from services.emergencies.models import EmergencyCall
from services.emergencies.rounds import RoundCall
from services.emergencies.targets import Reachable
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_resident,
    a_ringing_call,
    a_user,
    api_of,
    reloaded,
    signed_in,
)

pytestmark = pytest.mark.django_db

ENGLISH = {"Accept-Language": "en"}


def an_account_of(caregiver: Caregiver) -> User:
    return a_user(role=Role.CAREGIVER, area=caregiver.area, caregiver=caregiver)


def now_of(client: Client) -> dict[str, Any]:
    with clock.set_to(NOON):
        told: dict[str, Any] = client.get("/care/calls/", headers=ENGLISH).json()
    return told


def offered(call: EmergencyCall, caregiver: Caregiver, *, minutes: int = 6) -> None:
    person = Reachable(caregiver_recipient(caregiver), caregiver=caregiver, minutes=minutes)
    ladder.offer_to(call, person, now=NOON)


def test_an_offered_call_says_what_and_whereabouts_and_not_who() -> None:
    resident = a_resident(name="陈桂英", conditions="高血压")
    call = a_ringing_call(resident=resident, metric="fall")
    caregiver = a_caregiver_on_shift(near=resident)
    offered(call, caregiver)

    told = now_of(signed_in(an_account_of(caregiver)))

    assert told["ringing"] == [str(call.pk)]
    assert "Fall" in told["html"]
    assert resident.area.name in told["html"]
    assert "about 6 minutes" in told["html"]
    for secret in ("陈桂英", "高血压", "1357#", call.place_text):
        assert secret not in told["html"]


def test_a_taken_call_tells_how_to_get_in_and_leaves_one_audit_row() -> None:
    resident = a_resident(name="陈桂英", conditions="高血压", allergies="青霉素")
    call = a_ringing_call(resident=resident)
    caregiver = a_caregiver_on_shift(near=resident)
    account = an_account_of(caregiver)
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    client = signed_in(account)

    told = [now_of(client), now_of(client)][-1]

    for needed in (
        "陈桂英",
        "高血压",
        "allergic to 青霉素",
        "1357#",
        call.place_text,
        "uri.amap.com",
    ):
        assert needed in told["html"]
    read = AuditRow.objects.filter(action=AuditRow.Action.READ, subject=call.reference)
    assert [row.actor for row in read] == [account.reference]


def test_the_next_act_follows_the_state_of_the_call() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    by = f"caregiver:{caregiver.pk}"
    client = signed_in(an_account_of(caregiver))
    shown = []

    call = accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    shown.append(now_of(client)["html"])
    call = set_on_the_way(call, by=by, now=NOON)
    shown.append(now_of(client)["html"])
    call = arrive(call, by=by, now=NOON)
    shown.append(now_of(client)["html"])
    resolve_call(call, by=by, outcome="helped", now=NOON)
    over = now_of(client)["below"]

    for html, act in zip(shown, ("out-", "there-", "helped-"), strict=False):
        assert f'id="{act}{call.pk}"' in html
    assert "Over in this shift" in over


def test_the_newest_of_the_greatest_danger_comes_first() -> None:
    first = a_ringing_call(metric="sos")
    caregiver = a_caregiver_on_shift(near=first.resident)
    newer = a_ringing_call(metric="sos", now=NOON + timedelta(seconds=5))
    smoke = a_ringing_call(metric="smoke", now=NOON - timedelta(minutes=5))
    for call in (first, newer, smoke):
        offered(call, caregiver)

    told = now_of(signed_in(an_account_of(caregiver)))

    assert told["ringing"] == [str(call.pk) for call in (smoke, newer, first)]


def test_who_said_they_cannot_go_is_not_rung_again_and_may_still_go() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    offered(call, caregiver)
    decline_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    told = now_of(signed_in(an_account_of(caregiver)))

    assert told["ringing"] == []
    assert f'id="go-{call.pk}"' in told["html"]


def test_a_call_that_somebody_else_took_is_shown_as_theirs() -> None:
    call = a_ringing_call()
    mine, other = (a_caregiver_on_shift(near=call.resident, name=n) for n in ("王敏", "周建华"))
    offered(call, mine)
    accept_call(call, responder=Responder.of_caregiver(other), now=NOON)

    told = now_of(signed_in(an_account_of(mine)))

    assert "周建华" in told["html"]
    assert f'id="go-{call.pk}"' not in told["html"]


def test_a_way_for_amap_is_in_the_datum_of_its_maps() -> None:
    call = a_ringing_call(lat=31.57, lon=120.30)

    link = RoundCall(call, offer=None, is_mine=True, distance_m=None).amap_link

    assert "to=120.304" in link
    assert "coordinate=gaode" in link


def test_a_position_is_kept_with_the_time_it_was_taken_at() -> None:
    caregiver = a_caregiver_on_shift()
    sent = {"lat": 31.5, "lon": 120.3, "at": NOON.isoformat()}

    with clock.set_to(NOON + timedelta(seconds=20)):
        answer = signed_in(an_account_of(caregiver)).post(
            "/care/position/", sent, "application/json"
        )

    kept = reloaded(caregiver)
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert (kept.last_lat, kept.last_lon, kept.last_position_at) == (31.5, 120.3, NOON)


@pytest.mark.parametrize("sent", [b"", b"[]", b'{"lat": "north"}', b'{"lat": 91, "lon": 0}'])
def test_a_position_that_is_none_is_refused(sent: bytes) -> None:
    client = signed_in(an_account_of(a_caregiver_on_shift()))

    answer = client.post("/care/position/", sent, "application/json")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_act_told_later_keeps_the_time_at_which_it_was() -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    by = f"caregiver:{caregiver.pk}"
    call = accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    at, told_at = NOON + timedelta(minutes=4), NOON + timedelta(minutes=20)
    call = arrive(call, by=by, at=at, now=told_at)

    assert call.arrived_at == at


@pytest.mark.parametrize(("at", "kept"), [(-60, 0), (3600, 1200)])
def test_a_clock_that_is_wrong_puts_nothing_before_the_call_or_in_the_future(
    at: int, kept: int
) -> None:
    call = a_ringing_call()
    caregiver = a_caregiver_on_shift(near=call.resident)
    call = accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)

    call = arrive(
        call,
        by=f"caregiver:{caregiver.pk}",
        at=NOON + timedelta(seconds=at),
        now=NOON + timedelta(seconds=1200),
    )

    assert call.arrived_at == NOON + timedelta(seconds=kept)


def test_the_api_tells_a_caregiver_who_and_where_once_they_go() -> None:
    call = a_ringing_call(resident=a_resident(name="陈桂英"))
    caregiver = a_caregiver_on_shift(near=call.resident)
    offered(call, caregiver)
    api = api_of(an_account_of(caregiver))

    before = api.get(f"/api/v1/calls/{call.pk}/").json()
    accept_call(call, responder=Responder.of_caregiver(caregiver), now=NOON)
    after = api.get(f"/api/v1/calls/{call.pk}/").json()

    assert (before["resident_name"], before["place"]["address"]) == ("", "")
    assert (after["resident_name"], after["place"]["address"]) == ("陈桂英", call.place_text)


def test_only_the_caregiver_who_went_ends_a_call() -> None:
    call = a_ringing_call()
    went, near = (a_caregiver_on_shift(near=call.resident) for _ in range(2))
    accept_call(call, responder=Responder.of_caregiver(went), now=NOON)
    path = f"/api/v1/calls/{call.pk}/resolve/"

    refused = api_of(an_account_of(near)).post(path, {"outcome": "helped"})
    done = api_of(an_account_of(went)).post(path, {"outcome": "helped"})

    assert (refused.status_code, refused.json()["code"]) == (HTTPStatus.CONFLICT, "not_yours")
    assert done.json()["state"] == "resolved"
