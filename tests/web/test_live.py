"""Sockets: what a viewer may see reaches them once and in order, or they are told to begin anew."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import connection

from backend.accounts.actions import end_sessions_of
from backend.accounts.actors import Actor
from backend.accounts.models import AccessToken, Role, User
from backend.core import journal
from backend.core.models import JournalEvent, JournalHead
from backend.people.actions import give_consent
from backend.people.models import Consent, Resident
from backend.web import consumers, live
from backend.web.consumers import (
    REPLAY_LIMIT,
    BoardConsumer,
    JournalConsumer,
    MeConsumer,
    Visitor,
)
from backend.web.live import Hub
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_resident,
    a_user,
    an_api_token,
    an_area,
    signed_in,
)
from tests.threads import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_S = 5.0
QUIET_S = 0.3

Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that has read nothing, as after a start of the process."""
    fresh = Hub()
    fresh.executor = ThreadPoolExecutor(1)
    monkeypatch.setattr(consumers, "hub", fresh)
    yield fresh
    fresh.executor.submit(on_own_connection, list).result()
    fresh.executor.shutdown()


class Socket:
    """A page's side of a socket."""

    def __init__(self, token: str, consumer: type[JournalConsumer]) -> None:
        scope = {
            "type": "websocket",
            "path": "/ws/v1/socket",
            "headers": [],
            "subprotocols": ["yian.v1", f"bearer.{token}"],
        }
        line = ApplicationCommunicator(consumer.as_asgi(), scope)  # type: ignore[no-untyped-call]
        self._line: Any = line

    async def open(self) -> dict[str, Any]:
        """Connect; what the server says first."""
        await self._line.send_input({"type": "websocket.connect"})
        assert (await self._line.receive_output(WITHIN_S))["type"] == "websocket.accept"
        return await self.hear()

    async def say(self, **message: Any) -> None:
        """Send a message."""
        await self._line.send_input({"type": "websocket.receive", "text": json.dumps(message)})

    async def hear(self) -> dict[str, Any]:
        """The next message; a close is {"type": "closed"}."""
        output = await self._line.receive_output(WITHIN_S)
        if output["type"] == "websocket.close":
            return {"type": "closed", "code": output.get("code")}
        heard: dict[str, Any] = json.loads(output["text"])
        return heard

    async def hear_all(self) -> list[dict[str, Any]]:
        """Everything that comes until it is quiet."""
        heard = []
        while not await self._line.receive_nothing(QUIET_S):
            heard.append(await self.hear())
        return heard

    async def leave(self) -> None:
        """Close the page."""
        await self._line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._line.wait(WITHIN_S)


@asynccontextmanager
async def opened(
    token: str, consumer: type[JournalConsumer] = BoardConsumer
) -> AsyncIterator[tuple[Socket, dict[str, Any]]]:
    """A socket, and what it was told first."""
    socket = Socket(token, consumer)
    hello = await socket.open()
    try:
        yield socket, hello
    finally:
        await socket.leave()


def in_thread(work: Callable[[], Result]) -> Coroutine[Any, Any, Result]:
    """Database work beside the event loop, on a connection of its own."""
    return sync_to_async(on_own_connection, thread_sensitive=False)(work)


def an_operator() -> tuple[User, str]:
    """Somebody at the desk, and their token."""
    user = a_user(role=Role.OPERATOR, area=an_area())
    return user, an_api_token(user)


def happens(user: User, *names: str) -> None:
    """Events in somebody's area, numbered."""
    assert user.area is not None
    for name in names:
        journal.append(f"call:{name}", "call.note", at=NOON, area_path=user.area.path)
    while journal.number_committed():
        pass


def names(messages: list[dict[str, Any]]) -> list[str]:
    """Of which calls the messages speak."""
    return [message["id"] for message in messages if "id" in message]


def test_the_very_first_event_of_an_installation_is_pushed(hub: Hub) -> None:
    user, token = an_operator()

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, hello):
            assert hello["seq"] == 0
            await in_thread(lambda: happens(user, "first"))
            await in_thread(hub._read_new)
            return await socket.hear_all()

    assert names(asyncio.run(play())) == ["first"]


def test_what_happens_before_the_hub_has_begun_to_read_reaches_who_was_there_before(
    hub: Hub,
) -> None:
    user, token = an_operator()
    happens(user, "before")

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            await in_thread(lambda: happens(user, "between"))
            await in_thread(hub._read_new)
            await in_thread(lambda: happens(user, "after"))
            await in_thread(hub._read_new)
            return await socket.hear_all()

    heard = asyncio.run(play())
    assert names(heard) == ["between", "after"]
    assert heard[1]["prev"] == heard[0]["seq"]


def test_a_replay_while_events_come_in_loses_none_and_repeats_none(hub: Hub) -> None:
    user, token = an_operator()
    happens(user, *(f"old {number}" for number in range(20)))
    start = JournalEvent.objects.order_by("seq")[4].seq or 0

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            for number in range(20):
                if number % 5 == 0:
                    await socket.say(since=start)
                await in_thread(lambda number=number: happens(user, f"new {number}"))  # type: ignore[misc]
                await in_thread(hub._read_new)
            await socket.say(since=start)
            return await socket.hear_all()

    seen, cursor = [], start
    for message in asyncio.run(play()):
        if message["seq"] > cursor:
            assert message["prev"] <= cursor, "a gap that the page would have to fill"
            seen.append(message["id"])
            cursor = message["seq"]
    wanted = [f"old {n}" for n in range(5, 20)] + [f"new {n}" for n in range(20)]
    assert seen == wanted


def test_further_behind_than_is_replayed_the_page_is_told_to_load_anew(hub: Hub) -> None:
    user, token = an_operator()
    behind = REPLAY_LIMIT + 2
    assert user.area is not None
    JournalEvent.objects.bulk_create(
        JournalEvent(subject="call:x", type="call.note", at=NOON, area_path=user.area.path)
        for _ in range(behind)
    )
    happens(user)

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            await socket.say(since=1)
            heard = [await socket.hear()]
            await in_thread(lambda: happens(user, "news"))
            await in_thread(hub._read_new)
            return [*heard, await socket.hear()]

    reset, news = asyncio.run(play())
    assert (reset["type"], reset["seq"]) == ("reset", behind)
    assert (news["id"], news["prev"]) == ("news", behind)


def test_a_page_that_is_ahead_of_a_restored_journal_is_told_to_load_anew(hub: Hub) -> None:
    user, token = an_operator()
    happens(user, "kept")

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            await socket.say(since=5_000)
            heard = [await socket.hear()]
            await in_thread(lambda: happens(user, "news"))
            await in_thread(hub._read_new)
            return [*heard, *await socket.hear_all()]

    reset, *news = asyncio.run(play())
    assert reset["type"] == "reset"
    assert names(news) == ["news"]


def test_after_a_failover_to_an_older_journal_screens_begin_anew_and_miss_nothing(
    hub: Hub,
) -> None:
    user, token = an_operator()
    happens(user, "kept", "lost with the old server", "lost with it, too")

    def fail_over() -> None:
        JournalEvent.objects.filter(seq__gt=1).delete()
        JournalHead.objects.update(last_seq=1)

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            await in_thread(hub._read_new)
            await in_thread(fail_over)
            await in_thread(hub._read_new)
            heard = [await socket.hear()]
            await in_thread(lambda: happens(user, "news"))
            await in_thread(hub._read_new)
            return [*heard, *await socket.hear_all()]

    reset, *news = asyncio.run(play())
    assert (reset["type"], reset["seq"]) == ("reset", 1)
    assert names(news) == ["news"]


def test_a_socket_that_can_push_no_more_is_closed_and_not_left_silent(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, token = an_operator()
    monkeypatch.setattr(live, "QUEUE", 1)

    def rename(old: str, new: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

    async def play() -> dict[str, Any]:
        hub._loop = asyncio.get_running_loop()
        async with opened(token) as (socket, _):
            await in_thread(lambda: happens(user, "a", "b", "c"))
            events = await in_thread(lambda: list(journal.since(0)))
            await in_thread(lambda: rename("core_journalhead", "gone"))
            try:
                hub._publish(events)
                return await socket.hear()
            finally:
                await in_thread(lambda: rename("gone", "core_journalhead"))

    assert asyncio.run(play())["type"] == "closed"


@contextmanager
def told_of_changes(hub: Hub) -> Iterator[None]:
    """The hub hears of changed access, as in the web process."""
    stop = threading.Event()
    thread = threading.Thread(
        target=on_own_connection, args=(hub.permits.listen, stop, hub._in_loop)
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WITHIN_S)


def closes_within_two_seconds(hub: Hub, token: str, change: Callable[[], object]) -> bool:
    """Whether a socket that is open is closed by a change."""

    async def play() -> bool:
        hub._loop = asyncio.get_running_loop()
        with told_of_changes(hub):
            async with opened(token) as (socket, _):
                await asyncio.sleep(QUIET_S)
                await in_thread(change)
                try:
                    async with asyncio.timeout(2):
                        return bool((await socket.hear())["type"] == "closed")
                except TimeoutError:
                    return False

    return asyncio.run(play())


CHANGES: dict[str, Callable[[User], object]] = {
    "area": lambda user: User.objects.filter(pk=user.pk).update(area=an_area()),
    "role": lambda user: User.objects.filter(pk=user.pk).update(role=Role.CAREGIVER),
    "closed": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "token": lambda user: AccessToken.objects.filter(user=user).update(revoked_at=NOON),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_moves_or_may_no_more_hears_nothing_further_within_two_seconds(
    hub: Hub, change: str
) -> None:
    user, token = an_operator()

    assert closes_within_two_seconds(hub, token, lambda: CHANGES[change](user))


def test_what_changes_for_others_closes_nothing(hub: Hub) -> None:
    user, token = an_operator()
    other, _ = an_operator()

    def change() -> None:
        CHANGES["token"](other)
        User.objects.filter(pk=user.pk).update(name="王敏")

    assert not closes_within_two_seconds(hub, token, change)


def alerts_of(resident: Resident, name: str) -> None:
    """An event that families hear of by consent only."""
    journal.append(f"alert:{name}", "alert.raised", at=NOON, resident_id=resident.pk)
    while journal.number_committed():
        pass


def shares_alerts(resident: Resident) -> None:
    """They let their family see alerts from now on."""
    give_consent(resident=resident, item=Consent.Item.ALERTS, purpose="x", by="user:1", now=NOON)


def test_a_consent_changes_what_an_open_page_hears_and_closes_nothing(hub: Hub) -> None:
    resident = a_resident()
    token = an_api_token(a_family_account(a_contact(resident=resident)))

    async def play() -> list[dict[str, Any]]:
        hub._loop = asyncio.get_running_loop()
        with told_of_changes(hub):
            async with opened(token, MeConsumer) as (socket, _):
                await asyncio.sleep(QUIET_S)
                await in_thread(lambda: alerts_of(resident, "before"))
                await in_thread(hub._read_new)
                await in_thread(lambda: shares_alerts(resident))
                await asyncio.sleep(QUIET_S)
                await in_thread(lambda: alerts_of(resident, "after"))
                await in_thread(hub._read_new)
                return await socket.hear_all()

    heard = asyncio.run(play())
    assert [each["type"] for each in heard] == ["consent.given", "alert.raised"]
    assert heard[1]["id"] == "after"


def test_a_hint_that_is_lost_is_made_good_in_turn(hub: Hub) -> None:
    user, token = an_operator()

    async def play() -> dict[str, Any]:
        async with opened(token) as (socket, _):
            await in_thread(lambda: CHANGES["token"](user))  # nobody listens
            hub.permits.doubt_next()
            return await socket.hear()

    assert asyncio.run(play())["type"] == "closed"


def test_a_session_that_ends_closes_its_sockets(hub: Hub) -> None:
    user = a_user(role=Role.OPERATOR, area=an_area())
    browser = signed_in(user)
    browser.get("/account/")
    key = browser.session.session_key
    assert key is not None
    heard: list[str] = []

    async def play() -> None:
        hub._loop = asyncio.get_running_loop()
        permit = Visitor(actor=actor_of_id(user), session_key=key).permit
        hub.permits.add(permit)
        with told_of_changes(hub):
            await asyncio.sleep(QUIET_S)
            permit.doubted.clear()
            await in_thread(lambda: end_sessions_of(user, by=user.reference, now=NOON))
            async with asyncio.timeout(2):
                await permit.doubted.wait()
            heard.append("doubted")

    asyncio.run(play())
    assert heard == ["doubted"]


def actor_of_id(user: User) -> Actor:
    """An actor, without asking the database."""
    return Actor(user_id=user.pk, role=Role.OPERATOR, name="")
