"""A small HTTP/1.1 client that keeps a connection, so that the load costs less than the server.

A general client spends more per request than our ingest door; measuring with one would measure
the client.
"""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class Connection:
    """One kept connection; requests one after another."""

    def __init__(self, host: str, port: int) -> None:
        """Nothing is opened yet."""
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, *, token: str = "") -> Answer:
        """Post JSON and wait for the whole answer; opens the connection when needed."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{authorization}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        return await self._read()

    async def _read(self) -> Answer:
        reader = self._reader
        if reader is None:
            raise ConnectionError("not open")
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if "transfer-encoding: chunked" in head:
            return Answer(status, await self._chunks(reader))
        _, found, rest = head.partition("content-length:")
        length = int(rest.split("\r\n", 1)[0]) if found else 0
        return Answer(status, await reader.readexactly(length))

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        parts: list[bytes] = []
        while True:
            size = int((await reader.readline()).split(b";")[0], 16)
            part = await reader.readexactly(size + 2)
            if size == 0:
                return b"".join(parts)
            parts.append(part[:-2])

    def close(self) -> None:
        """Hang up; the next request opens anew."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
