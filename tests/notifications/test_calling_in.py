"""Who rings us hears a menu, a key counts at once, and nobody who says nothing is dropped."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse

from notifications import actions, inbound, templates
from notifications.inbound import Caller, Choice
from notifications.models import CallIn
from notifications.replies import Spoken
from notifications.templates import Template
from tests.builders import NOON, a_contact, a_phone, a_resident
from tests.notifications.twilio_hooks import listens, post, said

pytestmark = pytest.mark.django_db

US = "+8651000000000"
UNLUCKY = "+8619012345613"
"""Whose first key 2 finds a broken room."""
HELP = "If you need help, press 1."
MENU = [HELP, "For two, press 2.", "For a person, press 0."]

Heard = list[tuple[str, str]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Who was heard with which key; the menu has 2 and 0 beside help."""
    calls: Heard = []

    def meaning(caller: Caller, key: str, _now: datetime) -> Spoken:
        calls.append((caller.phone, key))
        if key == "2" and len(calls) == 1 and caller.phone == UNLUCKY:
            raise RuntimeError("this room is broken")
        return Spoken("test_key", {"key": key or "silence"})

    choices = {
        "0": Choice("0", "For a person, press 0.", meaning),
        "2": Choice("2", "For two, press 2.", meaning),
    }
    monkeypatch.setattr(inbound, "_meanings", [meaning])
    monkeypatch.setattr(inbound, "_choices", choices)
    monkeypatch.setattr(templates, "_templates", dict(templates._templates))
    templates.register("test_key", Template(say=["You pressed %(key)s."]))
    return calls


def ring(phone: str, *, digits: str = "", asked: int = 0, sid: str = "CA9") -> HttpResponse:
    """A call from a telephone to ours."""
    path = f"/inbound-voice?asked={asked}" if asked else "/inbound-voice"
    form = {"CallSid": sid, "From": phone, "To": US, **({"Digits": digits} if digits else {})}
    response: HttpResponse = post(path, **form)
    return response


def hang_up(*, sid: str = "CA9", status: str = "completed") -> None:
    assert post("/inbound-status", CallSid=sid, CallStatus=status).status_code == 204


def test_who_rings_hears_help_first_and_then_the_other_keys_in_their_order(heard: Heard) -> None:
    phone = a_phone()
    a_contact(phone=phone, language="en")

    greeting = ring(phone)

    assert said(greeting) == ["This is the care centre.", *MENU]
    assert listens(greeting) == "/hooks/v1/twilio/inbound-voice?asked=1"
    assert heard == []


def test_a_resident_is_greeted_by_name_in_their_own_language(heard: Heard) -> None:
    english, chinese = a_phone(), a_phone()
    a_resident(phone=english, language="en", name="陈桂英")
    a_resident(phone=chinese, name="陈桂英")

    assert said(ring(english))[0] == "Hello Ms Chen, this is the care centre."
    assert said(ring(chinese, sid="CA8"))[0].startswith("陈女士")
    assert heard == []


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_one_is_help_at_any_moment_of_the_menu(heard: Heard, asked: int) -> None:
    phone = a_phone()

    ring(phone, digits="1", asked=asked)

    assert heard == [(phone, "1")]


def test_the_same_key_brought_again_is_answered_the_same_and_counts_once(heard: Heard) -> None:
    phone = a_phone()
    ring(phone)

    first, again = ring(phone, digits="2", asked=1), ring(phone, digits="2", asked=1)

    assert said(first) == said(again) == ["You pressed 2."]
    assert heard == [(phone, "2")]


def test_after_another_key_help_still_counts(heard: Heard) -> None:
    phone = a_phone()

    ring(phone, digits="2", asked=1)
    ring(phone, digits="1", asked=2)

    assert heard == [(phone, "2"), (phone, "1")]


def test_a_wrong_key_is_told_once_and_then_the_caller_is_rung_back(heard: Heard) -> None:
    phone = a_phone()
    a_contact(phone=phone, language="en")
    ring(phone)

    again = ring(phone, digits="7", asked=1)
    goodbye = ring(phone, digits="7", asked=2)

    assert said(again) == ["That key has no meaning here.", *MENU]
    assert said(goodbye) == ["You pressed silence."]
    assert heard == [(phone, "")]


def test_silence_hears_the_menu_once_more_and_is_then_rung_back(heard: Heard) -> None:
    phone = a_phone()
    a_contact(phone=phone, language="en")

    assert said(ring(phone, asked=1)) == MENU
    assert listens(ring(phone, asked=1)).endswith("?asked=2")
    ring(phone, asked=2)

    assert heard == [(phone, "")]


def test_who_hangs_up_without_a_key_is_rung_back_once(heard: Heard) -> None:
    phone = a_phone()
    ring(phone)

    hang_up()
    hang_up()

    assert heard == [(phone, "")]
    assert CallIn.objects.get().ended_at == NOON


def test_who_hangs_up_after_a_key_said_what_they_wanted(heard: Heard) -> None:
    phone = a_phone()
    ring(phone)
    ring(phone, digits="2", asked=1)

    hang_up()

    assert heard == [(phone, "2")]


def test_a_call_that_is_only_said_to_ring_has_not_ended(heard: Heard) -> None:
    ring(a_phone())

    hang_up(status="ringing")

    assert CallIn.objects.get().ended_at is None
    assert heard == []


def test_silence_whose_end_nobody_told_us_is_heard_after_three_minutes(heard: Heard) -> None:
    phone = a_phone()
    ring(phone)

    actions.see_to_silent(now=NOON + timedelta(minutes=2))
    assert heard == []
    for _ in range(2):
        actions.see_to_silent(now=NOON + timedelta(minutes=3))

    assert heard == [(phone, "")]


def test_a_choice_that_breaks_costs_nobody_their_call(heard: Heard) -> None:
    phone = UNLUCKY

    spoken = said(ring(phone, digits="2", asked=1))

    assert heard == [(phone, "2"), (phone, "")]
    assert spoken == ["You pressed silence."]


def test_a_withheld_number_is_served_too(heard: Heard) -> None:
    assert said(ring("anonymous", digits="1", asked=1))

    assert heard == [("", "1")]


def test_where_nobody_takes_calls_the_emergency_number_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbound, "_meanings", [])

    assert "120" in " ".join(said(ring(a_phone(), digits="1", asked=1)))


@pytest.mark.parametrize("path", ["/inbound-voice", "/inbound-status", "/inbound-sms"])
def test_nobody_but_twilio_rings_us(heard: Heard, path: str) -> None:
    form = {"CallSid": "CA9", "From": a_phone(), "To": US, "Digits": "1"}

    assert post(path, signature="wrong", **form).status_code == 403
    assert heard == []


def test_a_call_is_heard_whatever_signs_its_form_holds() -> None:
    answer = ring(a_phone(), sid="CA\x001")
    assert answer.status_code == 200
