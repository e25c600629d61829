"""Calls to and from the demo's telephones, with real hooks at the other end."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from twilio.request_validator import RequestValidator

from notifications.senders.port import OutgoingCall, OutgoingText
from notifications.senders.twilio.sender import TwilioSender
from notifications.senders.twilio.twiml import MANDARIN, ask, say_goodbye
from tests.notifications.senders.hook_server import HookServer
from tests.notifications.senders.phone_server import (
    AUTH_TOKEN,
    FROM_NUMBER,
    Telephones,
    a_sender,
    running_telephones,
)

NUMBER = "+8613912345678"
VOICE, GATHER = "/hooks/v1/twilio/voice/7", "/hooks/v1/twilio/gather/7"
STATUS, TEXT_STATUS = "/hooks/v1/twilio/call-status/7", "/hooks/v1/twilio/message-status/7"
CALL = OutgoingCall(attempt="7", to=NUMBER, ring_timeout_s=5)


@pytest.fixture
def asking(hooks: HookServer) -> HookServer:
    """Hooks that ask for a key and say thank you."""
    hooks.answers[VOICE] = ask(
        sentences=["您妈妈按了求助。", "您能去,请按 1。"], voice=MANDARIN, action_url=GATHER
    )
    hooks.answers[GATHER] = say_goodbye(sentences=["谢谢您。"], voice=MANDARIN)
    return hooks


def statuses(hooks: HookServer, count: int) -> list[str]:
    return [report["CallStatus"] for report in hooks.wait_for(STATUS, count=count)]


def test_a_call_rings_speaks_takes_a_key_and_ends(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    sent = sender.send(CALL)
    ringing = telephones.wait_for(NUMBER, "call.ringing")
    assert (ringing["call_sid"], ringing["from"]) == (sent.provider_id, FROM_NUMBER)

    answer = telephones.act(NUMBER, "keys", call_sid=sent.provider_id, digits="1")

    assert (answer.status_code, answer.json()) == (202, {"call_sid": sent.provider_id})
    [pressed] = asking.wait_for(GATHER)
    assert (pressed["Digits"], pressed["CallSid"]) == ("1", sent.provider_id)
    assert statuses(asking, 4) == ["initiated", "ringing", "in-progress", "completed"]
    events = telephones.events(NUMBER)
    assert [event["type"] for event in events] == [
        "call.ringing",
        "call.answered",
        "call.said",
        "call.said",
        "call.gather",
        "call.said",
        "call.ended",
    ]
    assert [e["text"] for e in events if e["type"] == "call.said"][-1] == "谢谢您。"
    assert {e["language"] for e in events if e["type"] == "call.said"} == {"cmn-CN"}


def test_callbacks_are_numbered_and_signed_as_twilio_signs(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    sender.send(CALL)
    telephones.act(NUMBER, "keys", digits="1")

    numbers = [report["SequenceNumber"] for report in asking.wait_for(STATUS, count=4)]

    assert numbers == ["0", "1", "2", "3"]
    validator = RequestValidator(AUTH_TOKEN)
    assert len(asking.asked) == 6
    for asked in asking.asked:
        assert validator.validate(asking.url + asked.path, asked.form, asked.signature)


def test_an_answered_call_without_a_key_tells_of_the_silence(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    hooks.answers[VOICE] = (
        f'<Response><Gather timeout="0" action="{GATHER}" actionOnEmptyResult="true"/></Response>'
    )
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "answer")

    [silence] = hooks.wait_for(GATHER)

    assert "Digits" not in silence


def test_without_an_action_for_silence_the_call_goes_on_below(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    hooks.answers[VOICE] = (
        f'<Response><Gather timeout="0" action="{GATHER}"/><Say>Goodbye.</Say></Response>'
    )
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "answer")

    assert telephones.wait_for(NUMBER, "call.said")["text"] == "Goodbye."
    assert hooks.forms(GATHER) == []


def test_a_finishing_key_ends_a_longer_answer(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    hooks.answers[VOICE] = f'<Response><Gather action="{GATHER}"/></Response>'
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")

    telephones.act(NUMBER, "keys", digits="12＃")

    assert [form["Digits"] for form in hooks.wait_for(GATHER)] == ["12"]


def test_a_call_nobody_answers_ends_so_after_its_time(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    sender.send(OutgoingCall(attempt="7", to=NUMBER, ring_timeout_s=1))

    assert statuses(hooks, 3) == ["initiated", "ringing", "no-answer"]
    assert telephones.wait_for(NUMBER, "call.ended")["text"] == "no-answer"


@pytest.mark.parametrize(("behaviour", "ending"), [("busy", "busy"), ("unreachable", "failed")])
def test_a_telephone_that_cannot_ring_ends_the_call_at_once(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer, behaviour: str, ending: str
) -> None:
    telephones.behave(NUMBER, behaviour)
    sender.send(CALL)

    assert statuses(hooks, 2) == ["initiated", ending]


def test_voicemail_is_completed_and_has_pressed_nothing(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    hooks.answers[VOICE] = (
        f'<Response><Gather timeout="0" action="{GATHER}" actionOnEmptyResult="true"/></Response>'
    )
    telephones.behave(NUMBER, "voicemail")
    sender.send(CALL)

    assert statuses(hooks, 4) == ["initiated", "ringing", "in-progress", "completed"]
    assert ["Digits" in form for form in hooks.forms(GATHER)] == [False]


def test_a_person_may_turn_a_call_away(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")

    telephones.act(NUMBER, "hangup")

    assert statuses(hooks, 3)[-1] == "busy"


def test_hanging_up_in_the_middle_of_a_question_ends_the_call(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "answer")
    telephones.wait_for(NUMBER, "call.gather")

    telephones.act(NUMBER, "hangup")

    assert statuses(asking, 4)[-1] == "completed"
    assert asking.forms(GATHER) == []


def test_a_running_call_can_be_given_other_words(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    sent = sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "answer")
    asked = telephones.wait_for(NUMBER, "call.gather")

    sender.client.calls(sent.provider_id).update(twiml="<Response><Say>Taken.</Say></Response>")

    assert telephones.wait_for(NUMBER, "call.said", since=asked["seq"])["text"] == "Taken."
    assert statuses(asking, 4)[-1] == "completed"


def test_hooks_that_answer_503_are_asked_again(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    sender.send(CALL)
    asking.wait_for(STATUS, count=2)
    asking.refusals_left = 3

    telephones.act(NUMBER, "keys", digits="1")

    assert asking.wait_for(GATHER)[0]["Digits"] == "1"
    assert statuses(asking, 4) == ["initiated", "ringing", "in-progress", "completed"]
    assert sum(asked.status == 503 for asked in asking.asked) == 3


def test_a_key_pressed_while_the_web_process_is_away_is_not_lost(asking: HookServer) -> None:
    hooks = HookServer(answers=asking.answers)
    with ExitStack() as web, running_telephones() as telephones:
        web.enter_context(hooks.running())
        a_sender(telephones, public_url=hooks.url).send(CALL)
        telephones.wait_for(NUMBER, "call.ringing")
        telephones.act(NUMBER, "answer")
        telephones.wait_for(NUMBER, "call.gather")
        hooks.wait_for(STATUS, count=3)
        web.close()
        telephones.act(NUMBER, "keys", digits="1")
        time.sleep(0.5)

        web.enter_context(hooks.running())

        assert hooks.wait_for(GATHER)[0]["Digits"] == "1"
        assert statuses(hooks, 4)[-1] == "completed"


def test_a_hook_that_refuses_ends_the_call_with_a_word(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    hooks.answers[VOICE] = "not TwiML"
    sender.send(CALL)
    telephones.wait_for(NUMBER, "call.ringing")
    telephones.act(NUMBER, "answer")

    assert "application error" in telephones.wait_for(NUMBER, "call.said")["text"]
    assert statuses(hooks, 4)[-1] == "completed"


def test_callbacks_can_be_made_twice_and_in_reverse(
    sender: TwilioSender, telephones: Telephones, asking: HookServer
) -> None:
    telephones.trouble(duplicate_callbacks=True, reverse_callbacks=True)
    sender.send(CALL)
    telephones.act(NUMBER, "keys", digits="1")

    told = statuses(asking, 8)

    assert told[::2] == told[1::2] == ["completed", "in-progress", "ringing", "initiated"]


def test_a_text_to_a_telephone_that_is_off_is_undelivered(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    telephones.behave(NUMBER, "unreachable")
    sender.send(OutgoingText(attempt="7", to=NUMBER, body="…"))

    sent, undelivered = hooks.wait_for(TEXT_STATUS, count=2)

    assert (sent["MessageStatus"], undelivered["MessageStatus"]) == ("sent", "undelivered")
    assert undelivered["ErrorCode"] == "30003"
    assert telephones.events(NUMBER) == []


def test_a_person_may_ring_and_press_keys(telephones: Telephones, hooks: HookServer) -> None:
    inbound = "/hooks/v1/twilio/inbound-voice"
    hooks.answers[inbound] = ask(sentences=["请说。"], voice=MANDARIN, action_url=GATHER)

    answer = telephones.act(NUMBER, "keys", dial=True, digits="2")

    [asked] = hooks.wait_for(inbound)
    assert (asked["From"], asked["To"], asked["Direction"]) == (NUMBER, FROM_NUMBER, "inbound")
    [pressed] = hooks.wait_for(GATHER)
    assert (pressed["Digits"], pressed["CallSid"]) == ("2", answer.json()["call_sid"])


def test_a_person_may_write_and_read_the_answer(telephones: Telephones, hooks: HookServer) -> None:
    inbound = "/hooks/v1/twilio/inbound-sms"
    hooks.answers[inbound] = "<Response><Message>知道了。</Message></Response>"

    telephones.act(NUMBER, "texts", body="我很好")

    [asked] = hooks.wait_for(inbound)
    assert (asked["From"], asked["Body"]) == (NUMBER, "我很好")
    assert telephones.wait_for(NUMBER, "text.received")["text"] == "知道了。"
    assert telephones.wait_for(NUMBER, "text.sent")["text"] == "我很好"


def test_the_telephones_learn_where_yian_is_from_what_it_sends(hooks: HookServer) -> None:
    with running_telephones() as telephones:
        refused = telephones.act(NUMBER, "texts", body="有人吗")
        a_sender(telephones, public_url=hooks.url).send(OutgoingText("7", NUMBER, "在。"))
        taken = telephones.act(NUMBER, "texts", body="有人吗")
        [asked] = hooks.wait_for("/hooks/v1/twilio/inbound-sms")

    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_to_call")
    assert (taken.status_code, asked["To"]) == (202, FROM_NUMBER)


def test_many_telephones_ring_at_once(
    sender: TwilioSender, telephones: Telephones, hooks: HookServer
) -> None:
    numbers = [f"+86139000000{at:02d}" for at in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: sender.send(OutgoingCall(attempt="7", to=n)), numbers))

    for number in numbers:
        telephones.wait_for(number, "call.ringing")
        telephones.act(number, "keys", digits="1")
    hooks.wait_for(STATUS, count=80)
