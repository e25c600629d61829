"""A signed callback that somebody kept changes nothing when it is played again, soon or late."""

from datetime import datetime, timedelta

import pytest

from backend.core import ledger
from backend.core.models import JournalEvent
from notifications import inbound
from notifications.inbound import Caller
from notifications.models import Attempt, CallIn, Delivery
from notifications.replies import Spoken
from notifications.senders.states import AttemptState
from tests.builders import NOON, a_begun_attempt, a_phone, reloaded
from tests.notifications.questions import CANNOT_BE_TAKEN
from tests.notifications.twilio_hooks import answer, listens, post, post_at, press, said

pytestmark = pytest.mark.django_db

US = "+8651000000000"
TWO_YEARS = timedelta(days=730)

Heard = list[tuple[str, str]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Who was heard, with which key, by those who decide about callers."""
    calls: Heard = []

    def meaning(caller: Caller, key: str, _now: datetime) -> Spoken:
        calls.append((caller.phone, key))
        return Spoken("inbound_heard")

    monkeypatch.setattr(inbound, "_meanings", [meaning])
    return calls


def hang_up(attempt: Attempt, *, at: datetime = NOON) -> None:
    """Twilio says that the call is over."""
    post_at(at, f"/call-status/{attempt.pk}", CallSid="CA1", CallStatus="completed")


def everything() -> tuple[list[object], ...]:
    """What callbacks could change, but for when it was last looked at."""
    return (
        list(Attempt.objects.order_by("pk").values()),
        list(Delivery.objects.order_by("pk").values()),
        list(CallIn.objects.order_by("pk").values()),
        list(JournalEvent.objects.order_by("pk").values()),
    )


def test_all_callbacks_of_a_call_played_again_in_any_order_change_nothing() -> None:
    attempt = a_begun_attempt()
    answer(attempt)
    press(attempt, "")
    press(attempt, "7", asked=2)
    press(attempt, "2", asked=3)
    hang_up(attempt)
    before = everything()

    for later in (timedelta(seconds=5), timedelta(hours=1), TWO_YEARS):
        at = NOON + later
        hang_up(attempt, at=at)
        for asked, key in enumerate(["2", "7", "2", "", "*", "2"]):
            press(attempt, key, asked=asked, at=at)
        post_at(at, f"/voice/{attempt.pk}", CallSid="CA1", CallStatus="in-progress")
        post_at(at, f"/call-status/{attempt.pk}", CallSid="CA1", CallStatus="ringing")

    assert everything() == before


def test_a_key_before_the_answer_does_not_let_the_answer_mean_it_again() -> None:
    attempt = a_begun_attempt()
    press(attempt, "7")
    press(attempt, "1", asked=2)

    press(attempt, "7")
    press(attempt, "1", asked=2)

    assert JournalEvent.objects.filter(type="test.key_1").count() == 1


def test_a_key_that_could_not_be_taken_is_not_taken_long_after_the_call() -> None:
    attempt = a_begun_attempt()
    press(attempt, CANNOT_BE_TAKEN)
    hang_up(attempt)

    late = press(attempt, "1", at=NOON + timedelta(minutes=2))

    assert (reloaded(attempt.delivery).reply, listens(late)) == ("", "")


def test_a_key_that_the_news_of_the_hang_up_overtook_is_taken() -> None:
    attempt = a_begun_attempt()
    hang_up(attempt)

    press(attempt, "1", at=NOON + timedelta(seconds=20))

    assert reloaded(attempt.delivery).reply == "1"


def test_a_key_of_a_call_whose_end_nobody_told_is_not_taken_the_next_day() -> None:
    attempt = a_begun_attempt()
    answer(attempt)

    press(attempt, "1", at=NOON + timedelta(days=1))

    assert reloaded(attempt.delivery).reply == ""


def test_who_plays_the_beginning_of_an_old_call_hears_nobodys_name() -> None:
    attempt = a_begun_attempt()
    answer(attempt)
    hang_up(attempt)
    late = NOON + timedelta(minutes=2)

    spoken = [
        *said(post_at(late, f"/voice/{attempt.pk}", CallSid="CA1", CallStatus="in-progress")),
        *said(press(attempt, "", at=late)),
        *said(press(attempt, "*", at=late)),
    ]

    assert spoken
    assert not any("陈" in sentence for sentence in spoken)


def test_how_a_text_went_is_not_undone_by_what_was_said_before() -> None:
    attempt = a_begun_attempt(channel="sms", asks=False)
    for status in ("sent", "delivered"):
        post(f"/message-status/{attempt.pk}", MessageSid="SM1", MessageStatus=status)
    before = everything()

    for status in ("queued", "sent", "undelivered", "failed", "delivered"):
        form = {"MessageSid": "SM1", "MessageStatus": status}
        post_at(NOON + timedelta(hours=1), f"/message-status/{attempt.pk}", **form)

    assert reloaded(attempt).state == AttemptState.DELIVERED
    assert everything() == before


def test_a_call_to_us_played_again_calls_nobody_a_second_time(heard: Heard) -> None:
    phone = a_phone()
    form = {"CallSid": "CA9", "From": phone, "To": US}
    post("/inbound-voice", **form)
    post("/inbound-voice?asked=1", **form, Digits="1")
    post("/inbound-status", CallSid="CA9", CallStatus="completed")
    before = everything()

    for later in (timedelta(seconds=5), timedelta(hours=1), TWO_YEARS):
        at = NOON + later
        post_at(at, "/inbound-voice", **form)
        post_at(at, "/inbound-voice?asked=1", **form, Digits="1")
        post_at(at, "/inbound-voice?asked=2", **form)
        post_at(at, "/inbound-status", CallSid="CA9", CallStatus="completed")

    assert heard == [(phone, "1")]
    assert everything() == before


def test_a_key_to_us_that_was_kept_and_never_taken_means_nothing_the_next_day(
    heard: Heard,
) -> None:
    phone = a_phone()
    form = {"CallSid": "CA9", "From": phone, "To": US}
    post("/inbound-voice", **form)
    post("/inbound-status", CallSid="CA9", CallStatus="completed")

    post_at(NOON + timedelta(days=1), "/inbound-voice?asked=1", **form, Digits="1")

    assert heard == [(phone, "")]


def test_who_hangs_up_as_soon_as_they_have_pressed_one_is_heard(heard: Heard) -> None:
    phone = a_phone()
    form = {"CallSid": "CA9", "From": phone, "To": US}
    post("/inbound-voice", **form)
    post("/inbound-status", CallSid="CA9", CallStatus="completed")

    post_at(NOON + timedelta(seconds=20), "/inbound-voice?asked=1", **form, Digits="1")

    assert heard == [(phone, ""), (phone, "1")]


def test_a_text_played_again_after_two_years_calls_nobody(heard: Heard) -> None:
    phone = a_phone()
    form = {"MessageSid": "SM9", "From": phone, "To": US, "Body": "救命"}
    post("/inbound-sms", **form)
    ledger.forget_old(now=NOON + TWO_YEARS)

    post_at(NOON + TWO_YEARS, "/inbound-sms", **form)

    assert heard == [(phone, "1")]
