"""Work on one line's messages: side by side, bounded, answered in the order they came."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Generic, NamedTuple, TypeVar

Answer = TypeVar("Answer")


class _Item(NamedTuple, Generic[Answer]):
    future: asyncio.Future[Any]
    size: int
    answer: Answer | None


class Pipeline(Generic[Answer]):
    """Runs handlers and lets out each answer once its handler and all before it succeeded.

    A message that needs no answer (QoS 0) holds up nothing when it fails. After the first other
    failure no answer goes out any more, as senders take answers in order; what runs, runs on.
    """

    def __init__(
        self,
        *,
        most: int,
        most_bytes: int,
        answered: Callable[[list[Answer]], None],
        failed: Callable[[BaseException, Answer | None], None],
        advanced: Callable[[], None],
    ) -> None:
        """Call `answered` with answers to send, `failed` with an error and the answer withheld."""
        self.most = most
        self.most_bytes = most_bytes
        self._answered = answered
        self._failed = failed
        self._advanced = advanced
        self._items: deque[_Item[Answer]] = deque()
        self._bytes = 0
        self._is_broken = False

    @property
    def is_full(self) -> bool:
        """Whether the next message has to wait outside."""
        return len(self._items) >= self.most or self._bytes >= self.most_bytes

    @property
    def running(self) -> list[asyncio.Future[Any]]:
        """What is not finished yet."""
        return [item.future for item in self._items]

    def add(self, work: Awaitable[object], *, size: int, answer: Answer | None) -> None:
        """Start or join the work; the answer is let out when its turn comes."""
        future = asyncio.ensure_future(work)
        self._items.append(_Item(future, size, answer))
        self._bytes += size
        if len(self._items) == 1:
            self._watch_first()

    def close(self) -> None:
        """Let no answer out any more: the line is gone."""
        self._is_broken = True

    def _watch_first(self) -> None:
        """Only the first is watched: what is done behind it has to wait for it anyway."""
        self._items[0].future.add_done_callback(self._advance)

    def _advance(self, _future: asyncio.Future[Any]) -> None:
        answers: list[Answer] = []
        while self._items and self._items[0].future.done():
            item = self._items.popleft()
            self._bytes -= item.size
            error = _error_of(item.future)
            if error is not None:
                self._let_out(answers)
                answers = []
                self._is_broken = self._is_broken or item.answer is not None
                self._failed(error, item.answer)
            elif item.answer is not None:
                answers.append(item.answer)
        if self._items:
            self._watch_first()
        self._let_out(answers)
        self._advanced()

    def _let_out(self, answers: list[Answer]) -> None:
        if answers and not self._is_broken:
            self._answered(answers)


def _error_of(future: asyncio.Future[Any]) -> BaseException | None:
    if future.cancelled():
        return asyncio.CancelledError()
    return future.exception()


def nothing_to_do() -> asyncio.Future[Any]:
    """Work that is done already: a message that only waits for its turn."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
