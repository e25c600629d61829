"""Key 0: a caller speaks with whoever of the desk presses a key first, or is rung back."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from twilio.request_validator import RequestValidator

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.core import clock, journal
from backend.people.models import Resident
from notifications.actions import see_to_silent
from notifications.models import Bridge, BridgeLine, CallIn, Delivery
from services.alerts.worklists import worklists
from services.emergencies import watching
from services.emergencies.actions import set_desk_phone
from services.emergencies.desk.board import on_the_phone
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, a_duty_phone, a_phone, a_resident, a_user, signed_in
from tests.notifications.twilio_hooks import HOOKS, listens, said

pytestmark = pytest.mark.django_db

US = "+8651000000000"


def post(path: str, *, after_s: float = 0, **form: str) -> Any:
    """Post a form to a hook as Twilio would, so long after noon."""
    given = {"CallSid": "CA9", "From": form.pop("From", ""), "To": US, **form}
    address = settings.ENV.public_url + path
    signature = RequestValidator(settings.ENV.twilio_auth_token).compute_signature(address, given)
    with clock.set_to(NOON + timedelta(seconds=after_s)):
        return Client().post(path, given, headers={"X-Twilio-Signature": signature})


def an_operator(resident: Resident, *, watches: bool = True, phone: str = "") -> User:
    """Somebody at the desk of a resident's district, with a telephone beside the console."""
    user = a_user(role=Role.OPERATOR, area=resident.area, name="周燕")
    set_desk_phone(user, phone=phone or a_phone(), now=NOON)
    if watches:
        watching.report_console(
            console=str(uuid4()),
            user=user.reference,
            area_path=resident.area.path,
            sound_on=True,
            now=NOON,
        )
    return user


def rings(resident: Resident, *, digits: str = "0", after_s: float = 0) -> Any:
    """A resident rings us and presses a key."""
    path = f"{HOOKS}/inbound-voice?asked=1"
    return post(path, From=resident.phone, Digits=digits, after_s=after_s)


def rung(answer: Any) -> dict[str, str]:
    """The numbers that are rung, each with where they are asked."""
    pairs = re.findall(r'<Number[^>]* url="([^"]*)"[^>]*>([^<]*)</Number>', answer.content.decode())
    return {number: unescape(url) for url, number in pairs}


def ended_at(answer: Any) -> str:
    """Where the call goes on when nobody speaks any more."""
    found = re.search(r'<Dial[^>]* action="([^"]*)"', answer.content.decode())
    assert found
    return unescape(found[1])


def a_caller() -> Resident:
    return a_resident(phone=a_phone(), language="en")


def the_call() -> EmergencyCall:
    return EmergencyCall.objects.get()


def types_about(call: EmergencyCall) -> list[str]:
    return [event.type for event in journal.about(call.reference)]


def test_a_caller_is_put_through_to_everybody_at_the_desk_who_has_a_telephone() -> None:
    caller = a_caller()
    first, second = a_phone(), a_phone()
    an_operator(caller, phone=first)
    an_operator(caller, phone=second)
    an_operator(caller, watches=False)

    answer = rings(caller)

    assert said(answer) == ["We are connecting you with a person. Please stay on the line."]
    assert set(rung(answer)) == {first, second}
    assert (the_call().kind, the_call().resident) == ("consultation", caller)


def test_who_presses_one_first_has_the_caller_and_the_desk_sees_it() -> None:
    caller = a_caller()
    first, second = an_operator(caller), an_operator(caller)
    lines = rung(rings(caller))
    mine, other = lines[first.desk_phone.phone], lines[second.desk_phone.phone]

    whisper = post(mine)
    taken, again = post(mine, Digits="1"), post(mine, Digits="1")
    late = post(other, Digits="1")

    assert "陈女士" in said(whisper)[0]
    assert "桂英" not in said(whisper)[0]
    assert "press 1" in said(whisper)[-1] or "按 1" in said(whisper)[-1]
    assert said(taken) == said(again) == []
    assert "<Hangup" not in taken.content.decode()
    assert "<Hangup" in late.content.decode()
    call = the_call()
    assert (call.handled_by, call.handled_by_name) == (first.reference, "周燕")
    assert call.spoken_at == NOON
    assert types_about(call).count("call.put_through") == 1


def test_the_whisper_never_says_a_whole_name() -> None:
    caller = a_resident(phone=a_phone(), name="陈桂英", sex="unknown")
    operator = an_operator(caller)

    whisper = post(rung(rings(caller))[operator.desk_phone.phone])

    assert "桂英" not in "".join(said(whisper))


def test_how_long_they_spoke_is_kept_once() -> None:
    caller = a_caller()
    operator = an_operator(caller)
    answer = rings(caller)
    post(rung(answer)[operator.desk_phone.phone], Digits="1")

    for _ in range(2):
        form = {"DialCallStatus": "completed", "DialCallDuration": "75"}
        goodbye = post(ended_at(answer), after_s=80, **form)

    assert said(goodbye) == ["Thank you for calling. Goodbye."]
    [told] = journal.about(the_call().reference).filter(type="call.hung_up")
    assert told.data["seconds"] == 75
    bridge = Bridge.objects.get()
    assert (bridge.taken_by, bridge.ended_at) == (
        operator.reference,
        NOON + timedelta(seconds=80),
    )


def test_a_voicemail_takes_nobody_and_the_others_ring_on() -> None:
    caller = a_caller()
    machine, person = an_operator(caller), an_operator(caller)
    answer = rings(caller)
    line = rung(answer)[machine.desk_phone.phone]

    post(line)
    silence = post(listens(post(line)), after_s=9)
    again = post(ended_at(answer), after_s=10, DialCallStatus="no-answer")

    assert "<Hangup" in silence.content.decode()
    assert set(rung(again)) == {person.desk_phone.phone}
    assert said(again) == []
    assert the_call().handled_by == ""


def test_nobody_within_thirty_seconds_is_said_and_the_caller_is_to_be_rung_back() -> None:
    caller = a_caller()
    duty = a_duty_phone(area=caller.area)
    operator = an_operator(caller)
    answer = rings(caller)

    for _ in range(2):
        told = post(ended_at(answer), after_s=30, DialCallStatus="no-answer")

    assert said(told)[0].startswith("Nobody can speak with you at this moment.")
    assert said(told)[-1] == "If you need help, press 1."
    assert listens(told) == f"{HOOKS}/inbound-voice?asked=2"
    [wanted] = journal.about(the_call().reference).filter(type="call.call_back_wanted")
    assert wanted.at == NOON + timedelta(seconds=30)
    owed = Delivery.objects.get(template="call_back_wanted")
    assert (owed.person, owed.channel, owed.priority) == (f"duty:{duty.pk}", "sms", 2)
    calls = next(each for each in worklists() if each.name == "calls")
    [item] = calls.ask(actor_of(operator), NOON, 10).items
    with translation.override("en"):
        assert (str(item.title), item.who) == ("To be rung back", caller.name)


def test_help_is_one_key_away_when_nobody_is_there() -> None:
    caller = a_caller()
    an_operator(caller)
    answer = rings(caller)
    post(ended_at(answer), after_s=30, DialCallStatus="no-answer")

    post(f"{HOOKS}/inbound-voice?asked=2", From=caller.phone, Digits="1", after_s=40)

    assert the_call().kind == "emergency"


def test_without_a_telephone_at_the_desk_the_duty_phones_ring() -> None:
    caller = a_caller()
    duty = a_duty_phone(area=caller.area)

    answer = rings(caller)
    post(rung(answer)[duty.phone], Digits="1")

    assert the_call().handled_by == f"duty:{duty.pk}"


def test_with_no_telephone_at_all_the_caller_is_told_of_a_call_back() -> None:
    caller = a_caller()

    answer = rings(caller)

    assert said(answer) == ["Your call has reached us.", "Somebody will ring you back."]
    assert "call.call_back_wanted" in types_about(the_call())


def test_the_same_key_brought_again_rings_the_same_telephones() -> None:
    caller = a_caller()
    an_operator(caller)

    first, again = rings(caller), rings(caller)

    assert rung(first) == rung(again) != {}
    assert Bridge.objects.count() == 1


def test_who_hangs_up_while_it_rings_is_rung_back_and_a_late_key_takes_nobody() -> None:
    caller = a_caller()
    operator = an_operator(caller)
    line = rung(rings(caller))[operator.desk_phone.phone]

    post(f"{HOOKS}/inbound-status", CallStatus="completed", after_s=5)
    late = post(line, Digits="1", after_s=6)

    assert "<Hangup" in late.content.decode()
    assert the_call().handled_by == ""
    assert "call.call_back_wanted" in types_about(the_call())


def test_a_stranger_is_put_through_and_nothing_is_known_of_them() -> None:
    caller = a_caller()
    operator = an_operator(caller)
    stranger = post(f"{HOOKS}/inbound-voice?asked=1", From=a_phone(), Digits="0")

    call = the_call()
    assert (call.verified, call.resident, call.kind) == (False, None, "consultation")
    lines = rung(stranger)
    assert set(lines) == {operator.desk_phone.phone}
    assert said(post(lines[operator.desk_phone.phone]))[0].startswith("有来电")


@pytest.mark.parametrize("key", ["0", "1"])
def test_a_caller_whose_record_cannot_be_read_is_heard_as_a_stranger(key: str) -> None:
    caller = a_caller()
    an_operator(caller)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_resident SET phone = 'lost' WHERE id = %s", [caller.pk])

    assert rings(caller, digits=key).status_code == 200

    call = the_call()
    assert (call.resident, call.claimed_phone) == (None, caller.phone)
    assert call.kind == {"0": "consultation", "1": "emergency"}[key]


def test_a_line_that_does_not_exist_is_not_found() -> None:
    assert post(f"{HOOKS}/bridge-line/{uuid4()}").status_code == 404
    assert post(f"{HOOKS}/bridge-ended/{uuid4()}").status_code == 404


def test_the_desk_sees_who_is_on_the_phone_until_they_hang_up() -> None:
    caller, elsewhere = a_caller(), a_caller()
    operator = an_operator(caller)
    post(f"{HOOKS}/inbound-voice", From=caller.phone)
    post(f"{HOOKS}/inbound-voice", From=elsewhere.phone, CallSid="CA7")

    with clock.set_to(NOON):
        page = signed_in(operator).get("/desk/").content.decode()

    assert [each.name for each in on_the_phone(actor_of(operator))] == [caller.name]
    assert f"/desk/residents/{caller.pk}/" in page
    [told] = journal.about(CallIn.objects.get(provider_id="CA9").reference)
    assert (told.type, told.area_path, told.resident_id) == (
        "phone.ringing",
        caller.area.path,
        None,
    )

    post(f"{HOOKS}/inbound-status", CallStatus="completed")
    assert on_the_phone(actor_of(operator)) == []


def test_a_caller_whose_end_nobody_told_us_is_to_be_rung_back_within_two_minutes() -> None:
    caller = a_caller()
    duty = a_duty_phone(area=caller.area)
    an_operator(caller)
    rings(caller)

    see_to_silent(now=NOON + timedelta(seconds=60))
    assert "call.call_back_wanted" not in types_about(the_call())
    for seconds in (90, 95):
        see_to_silent(now=NOON + timedelta(seconds=seconds))

    assert types_about(the_call()).count("call.call_back_wanted") == 1
    assert Delivery.objects.get(template="call_back_wanted").person == f"duty:{duty.pk}"


def test_a_line_nobody_told_us_the_end_of_is_not_shown_for_ever() -> None:
    caller = a_caller()
    operator = an_operator(caller)
    rings(caller, digits="0")

    see_to_silent(now=NOON + timedelta(hours=2))

    assert on_the_phone(actor_of(operator)) == []


def test_an_operator_keeps_and_takes_away_their_own_telephone() -> None:
    operator = a_user(role=Role.OPERATOR)
    browser = signed_in(operator)

    browser.post("/desk/telephone/", {"phone": "０510-8888 0001"})
    assert operator.desk_phone.phone == "+8651088880001"
    wrong = browser.post("/desk/telephone/", {"phone": "12"})
    assert wrong.status_code == 200
    browser.post("/desk/telephone/", {"phone": ""})

    assert not type(operator.desk_phone).objects.exists()
    assert not BridgeLine.objects.exists()
