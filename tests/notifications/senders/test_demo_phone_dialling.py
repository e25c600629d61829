"""A demo telephone rings us and is put through to others by <Dial>."""

import pytest

from notifications.senders.twilio.twiml import MANDARIN, ask, connect, go_on, hang_up, say_goodbye
from tests.notifications.senders.hook_server import HookServer
from tests.notifications.senders.phone_server import Telephones

CALLER, FIRST, SECOND = "+8613912345678", "+8613900000001", "+8613900000002"
INBOUND, STATUS = "/hooks/v1/twilio/inbound-voice", "/hooks/v1/twilio/inbound-status"
LINE, KEY, ENDED = "/hooks/line/{}", "/hooks/key/{}", "/hooks/ended"


@pytest.fixture
def dialling(hooks: HookServer) -> HookServer:
    """Hooks that put a caller through to two telephones, each asked for a key."""
    lines = {number: LINE.format(number[-1]) for number in (FIRST, SECOND)}
    hooks.answers[INBOUND] = connect(
        sentences=["请稍等。"], voice=MANDARIN, numbers=lines, action_url=ENDED, timeout_s=5
    )
    for number in (FIRST, SECOND):
        at = number[-1]
        question = ask(sentences=["接听请按 1。"], voice=MANDARIN, action_url=KEY.format(at))
        hooks.answers[LINE.format(at)] = question
        hooks.answers[KEY.format(at)] = go_on()
    hooks.answers[ENDED] = say_goodbye(sentences=["再见。"], voice=MANDARIN)
    return hooks


def test_the_first_who_picks_up_and_presses_is_connected_and_the_other_stops(
    telephones: Telephones, dialling: HookServer
) -> None:
    telephones.act(CALLER, "keys", dial=True)
    for number in (FIRST, SECOND):
        assert telephones.wait_for(number, "call.ringing")["from"] == CALLER

    telephones.act(SECOND, "keys", digits="1")

    assert telephones.wait_for(FIRST, "call.ended")["text"] == "canceled"
    assert telephones.wait_for(CALLER, "call.connected")["text"] == SECOND
    assert telephones.wait_for(SECOND, "call.connected")["text"] == CALLER
    [pressed] = dialling.wait_for(KEY.format("2"))
    assert (pressed["Digits"], pressed["Direction"]) == ("1", "outbound-dial")
    telephones.act(SECOND, "hangup")
    [ended] = dialling.wait_for(ENDED)
    assert (ended["DialCallStatus"], ended["DialCallDuration"]) == ("completed", "0")
    assert ended["From"] == CALLER
    assert telephones.wait_for(CALLER, "call.ended")["text"] == "completed"
    assert [each["CallStatus"] for each in dialling.wait_for(STATUS)] == ["completed"]


def test_nobody_picks_up_in_time(telephones: Telephones, dialling: HookServer) -> None:
    dialling.answers[INBOUND] = dialling.answers[INBOUND].replace('timeout="5"', 'timeout="1"')

    telephones.act(CALLER, "keys", dial=True)

    [ended] = dialling.wait_for(ENDED)
    assert ended["DialCallStatus"] == "no-answer"


def test_a_machine_that_picks_up_stops_the_others_and_connects_nobody(
    telephones: Telephones, dialling: HookServer
) -> None:
    dialling.answers[LINE.format("1")] = hang_up()
    telephones.behave(FIRST, "voicemail")

    telephones.act(CALLER, "keys", dial=True)

    [ended] = dialling.wait_for(ENDED)
    assert ended["DialCallStatus"] == "no-answer"
    assert telephones.wait_for(SECOND, "call.ended")["text"] == "canceled"
    assert "call.connected" not in {each["type"] for each in telephones.events(CALLER)}


def test_busy_everywhere_is_said_so(telephones: Telephones, dialling: HookServer) -> None:
    for number in (FIRST, SECOND):
        telephones.behave(number, "busy")

    telephones.act(CALLER, "keys", dial=True)

    assert dialling.wait_for(ENDED)[0]["DialCallStatus"] == "busy"


def test_a_caller_who_hangs_up_stops_the_telephones(
    telephones: Telephones, dialling: HookServer
) -> None:
    telephones.act(CALLER, "keys", dial=True)
    telephones.wait_for(FIRST, "call.ringing")
    telephones.wait_for(SECOND, "call.ringing")

    telephones.act(CALLER, "hangup")

    for number in (FIRST, SECOND):
        assert telephones.wait_for(number, "call.ended")["text"] == "canceled"
    assert [each["CallStatus"] for each in dialling.wait_for(STATUS)] == ["completed"]
    assert dialling.forms(ENDED) == []


def test_a_number_without_an_address_is_connected_at_once(
    telephones: Telephones, dialling: HookServer
) -> None:
    dialling.answers[INBOUND] = f'<Response><Dial action="{ENDED}">{FIRST}</Dial></Response>'
    telephones.act(CALLER, "keys", dial=True)
    telephones.wait_for(FIRST, "call.ringing")

    telephones.act(FIRST, "answer")

    telephones.wait_for(CALLER, "call.connected")
    telephones.act(CALLER, "hangup")
    assert telephones.wait_for(FIRST, "call.ended")["text"] == "completed"
