"""Work on one line's messages: answered in the order they came, whatever is done first."""

import asyncio

from devices.mqtt.pipeline import Pipeline


class Line:
    """A pipeline with three messages in it, and what it let out."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.failed: list[str | None] = []
        self.pipeline: Pipeline[str] = Pipeline(
            most=10,
            most_bytes=100,
            answered=self.answered.extend,
            failed=lambda _error, answer: self.failed.append(answer),
            advanced=lambda: None,
        )
        loop = asyncio.get_running_loop()
        self.works: list[asyncio.Future[None]] = [loop.create_future() for _ in "abc"]
        for work, answer in zip(self.works, "abc", strict=True):
            self.pipeline.add(work, size=1, answer=answer)

    async def finish(self, *numbers: int) -> None:
        """Have messages done, and the loop come round."""
        for number in numbers:
            self.works[number].set_result(None)
        await asyncio.sleep(0)


async def test_each_is_answered_as_soon_as_it_and_all_before_it_are_done() -> None:
    line = Line()
    await line.finish(0)
    assert line.answered == ["a"]
    await line.finish(1)
    assert line.answered == ["a", "b"]
    await line.finish(2)
    assert line.answered == ["a", "b", "c"]
    assert line.pipeline.running == []


async def test_what_is_done_early_waits_for_those_before_it() -> None:
    line = Line()
    await line.finish(2, 1)
    assert line.answered == []
    await line.finish(0)
    assert line.answered == ["a", "b", "c"]


async def test_after_a_failure_nothing_is_answered_any_more() -> None:
    line = Line()
    await line.finish(0)
    line.works[1].set_exception(OSError())
    await line.finish(2)
    assert (line.answered, line.failed) == (["a"], ["b"])
