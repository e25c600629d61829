"""Who sends the head of a request letter by letter, or without an end, is not waited for."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import uvloop
from uvicorn.server import ServerState

from backend.runtime import serving

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def _application(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def a_line() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A line to a server of ours."""
    config = serving.config(_application, lifespan="off", log_config=None, ws="none")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: serving.GuardedHttp(config, state, {}), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def ends(reader: asyncio.StreamReader) -> bool:
    """Whether the other side has closed the line."""
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionResetError:
        return True


async def test_a_head_that_comes_letter_by_letter_ends_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "HEAD_WITHIN_S", 0.1)
    async with a_line() as (reader, writer):
        began = time.monotonic()
        for letter in WHOLE[:3]:
            writer.write(bytes([letter]))
            await asyncio.sleep(0.02)
        assert await ends(reader)
        assert time.monotonic() - began < 3


async def test_the_same_is_so_of_a_second_request_on_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "HEAD_WITHIN_S", 0.1)
    async with a_line() as (reader, writer):
        writer.write(WHOLE)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET")
        assert await ends(reader)


async def test_a_head_without_an_end_ends_the_line() -> None:
    async with a_line() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000)
        assert await ends(reader)


async def test_who_speaks_in_time_is_served_again_and_again() -> None:
    async with a_line() as (reader, writer):
        for _ in range(3):
            writer.write(WHOLE)
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")


async def test_of_too_many_lines_that_say_nothing_the_oldest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "HEADS_AWAITED", 2)
    async with AsyncExitStack() as lines:
        silent = [await lines.enter_async_context(a_line()) for _ in range(3)]
        assert await ends(silent[0][0])

        reader, writer = await lines.enter_async_context(a_line())
        writer.write(WHOLE)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")

        reader, writer = silent[2]
        writer.write(WHOLE)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    await asyncio.sleep(0.05)
    assert not serving.GuardedHttp._awaited


class Transport:
    """What reached the line, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.pieces.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str, _default: object = None) -> str:
        return name


def a_joined_line() -> tuple[serving.Joined, Transport]:
    transport = Transport()
    return serving.Joined(transport, asyncio.get_running_loop()), transport  # type: ignore[arg-type]


async def test_what_is_written_in_one_turn_goes_out_in_one_piece_and_in_order() -> None:
    line, transport = a_joined_line()
    line.write(b"a")
    line.write(b"b")
    assert transport.pieces == []
    await asyncio.sleep(0)
    line.write(b"c")
    await asyncio.sleep(0)

    assert transport.pieces == [b"ab", b"c"]
    assert line.get_extra_info("peername") == "peername"


async def test_much_is_not_kept_waiting_and_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "JOINED_BYTES", 3)
    line, transport = a_joined_line()
    line.write(b"ab")
    line.write(b"cd")
    assert transport.pieces == [b"abcd"]
    await asyncio.sleep(0)

    assert transport.pieces == [b"abcd"]


async def test_a_line_that_is_closed_has_said_what_was_written_before() -> None:
    line, transport = a_joined_line()
    line.write(b"last words")
    line.close()
    assert (transport.pieces, transport.closed) == ([b"last words"], True)
    line.write(b"too late")
    await asyncio.sleep(0)

    assert transport.pieces == [b"last words"]


async def _answer_to_who_has_said_all() -> bytes:
    """What a client hears that ends its line in the turn in which the answer is written."""
    ours, theirs = socket.socketpair()
    loop = asyncio.get_running_loop()
    config = serving.config(_application, lifespan="off", log_config=None)
    config.load()
    protocol = serving.GuardedHttp(config, ServerState(), {})
    await loop.connect_accepted_socket(lambda: protocol, ours)
    theirs.setblocking(False)
    theirs.shutdown(socket.SHUT_WR)
    protocol.transport.write(b"answer")
    with theirs:
        return await asyncio.wait_for(loop.sock_recv(theirs, 100), 5)


def test_who_ends_the_line_has_the_answer_of_the_same_moment() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(_answer_to_who_has_said_all()) == b"answer"


async def test_a_line_of_ours_joins_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[bytes] = []
    flush = serving.Joined.flush

    def noted(line: serving.Joined) -> None:
        pieces.append(b"".join(line._waiting))
        flush(line)

    monkeypatch.setattr(serving.Joined, "flush", noted)
    async with a_line() as (reader, writer):
        writer.write(WHOLE)
        await reader.readuntil(b"ok")

    said = [piece for piece in pieces if piece]
    assert len(said) == 1
    assert said[0].endswith(b"\r\n\r\nok")
