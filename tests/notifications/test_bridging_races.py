"""Several who take a caller, or a caller who hangs up, at the same moment."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from notifications import inbound
from notifications.actions import end_call, miss, take_bridge, take_key
from notifications.actions.bridging import open_bridge
from notifications.inbound import BridgeNews, Connection, Line
from notifications.models import Bridge, BridgeLine, CallIn
from notifications.replies import Spoken
from tests.builders import NOON, a_phone, reloaded
from tests.threads import PATIENCE_S, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5

News = list[tuple[str, str]]


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> News:
    """What those are told who hear of these connections."""
    heard: News = []
    told = BridgeNews(
        taken=lambda _cause, line, _now: heard.append(("taken", line.person)),
        missed=lambda cause, _now: heard.append(("missed", cause)),
        ended=lambda cause, _spoke_s, _now: heard.append(("ended", cause)),
    )
    monkeypatch.setattr(inbound, "_bridges", {"test": told})
    return heard


def a_connection() -> Connection:
    lines = [Line(f"user:{number}", "周燕", a_phone()) for number in (1, 2)]
    word = Spoken("inbound_goodbye")
    return Connection(lines, "test:1", said=word, whisper=word, unanswered=word)


def a_call_in(**fields: object) -> CallIn:
    phone = a_phone()
    return CallIn.objects.create(
        provider_id=f"CA{phone}", phone=phone, phone_index=phone, began_at=NOON, **fields
    )


def a_bridge() -> tuple[Bridge, list[BridgeLine]]:
    bridge = open_bridge(a_call_in(answers={"0": {}}), a_connection(), now=NOON)
    return bridge, list(bridge.lines.all())


def test_of_two_who_press_at_once_one_has_the_caller(news: News) -> None:
    for _ in range(ROUNDS):
        bridge, lines = a_bridge()
        news.clear()

        won = at_once(*(partial(take_bridge, line, now=NOON) for line in lines))

        assert sorted(won) == [False, True]
        assert news == [("taken", reloaded(bridge).taken_by)]


def test_looking_without_a_lock_would_give_one_caller_to_two() -> None:
    _, lines = a_bridge()
    both_looked = threading.Barrier(2)

    def take(line: BridgeLine) -> bool:
        with transaction.atomic():
            bridge = Bridge.objects.get(pk=line.bridge_id)
            both_looked.wait(PATIENCE_S)
            if bridge.taken_at is not None:
                return False
            bridge.taken_by, bridge.taken_at = line.person, NOON
            bridge.save()
            return True

    assert at_once(*(partial(take, line) for line in lines)) == [True, True]


def test_who_presses_while_the_caller_hangs_up_has_them_or_they_are_rung_back(news: News) -> None:
    for _ in range(ROUNDS):
        bridge, lines = a_bridge()
        news.clear()

        at_once(
            partial(take_bridge, lines[0], now=NOON),
            partial(end_call, bridge.inbound, now=NOON),
        )

        after = reloaded(bridge)
        assert after.ended_at == NOON
        assert (after.taken_at is None) != (after.missed_at is None)
        first = "missed" if after.missed_at else "taken"
        assert [word for word, _ in news].count(first) == 1


def test_the_database_itself_keeps_a_caller_from_being_taken_and_missed(news: News) -> None:
    bridge, lines = a_bridge()
    take_bridge(lines[0], now=NOON)

    miss(bridge, now=NOON)
    assert reloaded(bridge).missed_at is None
    with pytest.raises(IntegrityError):
        Bridge.objects.filter(pk=bridge.pk).update(missed_at=NOON)
    assert [word for word, _ in news] == ["taken"]


def test_a_key_that_comes_twice_at_once_rings_once(
    news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant: list[str] = []

    def connects(_caller: object, key: str, _now: object) -> Connection:
        meant.append(key)
        return a_connection()

    monkeypatch.setattr(inbound, "_choices", {"0": inbound.Choice("0", "Press 0.", connects)})
    call = a_call_in()

    at_once(*[partial(take_key, call, "0", now=NOON)] * 4)

    assert meant == ["0"]
    assert Bridge.objects.count() == 1
    assert news == []
