"""Other systems are told what they asked for, signed, again if need be, and of nobody a word."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from django.conf import settings

from backend.core import clock
from backend.core.models import JournalEvent
from backend.webhooks import actions, loops, policies, sending
from backend.webhooks.actions import Wish
from backend.webhooks.errors import BadAddress, BadTypes
from backend.webhooks.models import Notice, Webhook
from tests.backend.webhooks.builders import ADMIN, a_webhook, something_happened
from tests.builders import NOON, an_area, reloaded
from tests.fakes.receiver import Receiver, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A system on this machine, which the setting allows."""
    allowed = msgspec.structs.replace(settings.ENV, webhook_networks="127.0.0.0/8")
    monkeypatch.setattr(settings, "ENV", allowed)
    with receiver() as told:
        yield told


def told(webhook: Webhook) -> list[Notice]:
    """What a system was or is to be told, in order."""
    return list(webhook.notices.order_by("seq"))


def tell_due(*, after: timedelta = timedelta()) -> int:
    """One round at a time."""
    with clock.set_to(NOON + after):
        actions.owe_new(now=NOON + after)
        return sum(loops.tell_all(each) for each in loops.claim_due(now=NOON + after))


def test_an_event_of_the_area_is_told_once_with_ids_and_no_word_about_anybody(
    system: Receiver,
) -> None:
    webhook = a_webhook(url=system.url)
    (event,) = something_happened(area=an_area(parent=webhook.area))

    assert (tell_due(), tell_due()) == (1, 0)

    ((headers, body),) = system.got
    assert json.loads(body) == {
        "type": "call.opened",
        "timestamp": NOON.isoformat(),
        "data": {
            "seq": numbered(event),
            "subject": event.subject,
            "resident": str(event.resident_id),
            "area": event.area_path,
        },
    }
    assert headers["content-type"] == "application/json"
    assert told(webhook)[0].state == "sent"


def numbered(event: JournalEvent) -> int | None:
    """The number it was given."""
    return reloaded(event).seq


def test_nothing_of_elsewhere_of_another_kind_or_of_before_is_told(system: Receiver) -> None:
    area = an_area()
    something_happened(area=area)
    webhook = a_webhook(area=area, url=system.url)
    something_happened(area=an_area())
    something_happened(area=area, kind="visit.late")

    assert tell_due() == 0
    assert told(webhook) == []


def test_the_receiver_can_tell_that_it_is_from_us_and_from_now(system: Receiver) -> None:
    webhook = a_webhook(url=system.url)
    something_happened(area=webhook.area)
    tell_due()

    ((headers, body),) = system.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    ours = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{ours}"
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert headers["webhook-id"] == str(told(webhook)[0].pk)


def test_for_a_day_both_secrets_sign_and_then_the_new_one_only(system: Receiver) -> None:
    webhook = a_webhook(url=system.url)
    actions.rotate_secret(webhook, by=ADMIN, now=NOON)
    something_happened(area=webhook.area, times=1)
    tell_due()
    something_happened(area=webhook.area, times=1)
    tell_due(after=timedelta(hours=25))

    signatures = [headers["webhook-signature"].split() for headers, _body in system.got]
    assert [len(each) for each in signatures] == [2, 1]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_what_is_not_taken_comes_again_later_and_later_and_is_given_up_after_three_days(
    system: Receiver, status: int
) -> None:
    system.status, system.location = status, system.url
    webhook = a_webhook(url=system.url)
    something_happened(area=webhook.area)

    at = timedelta()
    for wait in policies.BACK_OFF:
        tell_due(after=at)
        assert tell_due(after=at + wait - timedelta(seconds=1)) == 0
        at += wait
    tell_due(after=at)

    (notice,) = told(webhook)
    assert (notice.state, notice.answer, notice.due_at) == ("dead", str(status), None)
    assert len(system.got) == notice.tries == len(policies.BACK_OFF) + 1
    assert reloaded(webhook).failing_since == NOON

    system.status = 200
    assert actions.try_again(webhook, by=ADMIN, now=NOON + at) == 1
    assert tell_due(after=at) == 1
    assert reloaded(webhook).failing_since is None


def test_no_redirect_is_followed(system: Receiver) -> None:
    with receiver() as elsewhere:
        system.status, system.location = 307, elsewhere.url
        something_happened(area=a_webhook(url=system.url).area)
        tell_due()

        assert elsewhere.got == []


def test_who_answers_letter_by_letter_holds_us_no_longer_than_the_limit(
    system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WITHIN_S", 0.2)
    system.holds_back_s = 0.05
    webhook = a_webhook(url=system.url)
    something_happened(area=webhook.area)
    tell_due()

    assert told(webhook)[0].answer == "timeout"


def test_a_system_that_is_down_gets_one_try_a_round_and_the_rest_waits(system: Receiver) -> None:
    system.status = 503
    webhook = a_webhook(url=system.url)
    something_happened(area=webhook.area, times=5)
    tell_due()

    assert len(system.got) == 1
    assert {notice.state for notice in told(webhook)} == {"waiting"}


def test_an_address_that_has_come_to_lead_home_is_not_called(
    system: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = a_webhook(url=system.url)
    something_happened(area=webhook.area)
    closed = msgspec.structs.replace(settings.ENV, webhook_networks="")
    monkeypatch.setattr(settings, "ENV", closed)
    tell_due()

    assert system.got == []
    assert told(webhook)[0].answer == "bad_form"


def test_while_a_system_is_not_told_events_pass_it_by(system: Receiver) -> None:
    webhook = a_webhook(url=system.url)
    wish = Wish(webhook.label, webhook.url, webhook.types)
    actions.change(webhook, wish=wish, active=False, by=ADMIN, now=NOON)
    something_happened(area=webhook.area)
    assert tell_due() == 0

    actions.change(webhook, wish=wish, active=True, by=ADMIN, now=NOON)
    something_happened(area=webhook.area)
    assert tell_due() == 1


@pytest.mark.parametrize("kind", ["health.noted", "*", "consent.*", "case.*", "call", "call.*.x"])
def test_what_is_about_somebodys_health_or_rights_is_told_to_nobody(kind: str) -> None:
    wish = Wish("City platform", "https://platform.example/", [kind])
    with pytest.raises(BadTypes):
        actions.subscribe(area=an_area(), wish=wish, by=ADMIN, now=NOON)


def test_an_address_of_our_own_network_cannot_be_set() -> None:
    wish = Wish("City platform", "https://127.0.0.1/", ["call.*"])
    with pytest.raises(BadAddress):
        actions.subscribe(area=an_area(), wish=wish, by=ADMIN, now=NOON)
