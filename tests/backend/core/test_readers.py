"""Readers of the journal by cursor."""

from datetime import datetime

import pytest

from backend.core import journal, readers
from backend.core.models import JournalEvent, JournalReader
from tests.builders import NOON

pytestmark = pytest.mark.django_db


class Heard(list[str]):
    """What a reader was told; a subject of "bad:" makes it fail."""

    def handle(self, event: JournalEvent, _now: datetime) -> None:
        if event.subject == "bad:":
            raise ValueError(event.subject)
        self.append(event.subject)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """A reader of "test.news", and no other."""
    monkeypatch.setattr(readers, "_readers", {})
    heard = Heard()
    readers.register("test", "test.news", handle=heard.handle)
    return heard


def happen(subject: str, *, type: str = "test.news") -> None:  # noqa: A002
    journal.append(subject, type, at=NOON)


def test_each_event_of_its_types_is_read_once_and_in_order(heard: Heard) -> None:
    for subject in ("a:1", "a:2"):
        happen(subject)
    happen("a:3", type="test.other")
    journal.number_committed()

    readers.read_on(now=NOON)
    readers.read_on(now=NOON)

    assert heard == ["a:1", "a:2"]


def test_an_event_that_has_no_number_yet_is_read_when_it_has(heard: Heard) -> None:
    happen("a:1")
    readers.read_on(now=NOON)
    assert heard == []

    journal.number_committed()
    readers.read_on(now=NOON)
    assert heard == ["a:1"]


def test_an_event_that_cannot_be_handled_holds_up_no_other(
    heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    happen("bad:")
    happen("a:2")
    journal.number_committed()

    readers.read_on(now=NOON)

    assert heard == ["a:2"]
    assert "test reading test.news" in caplog.text


def test_more_than_one_portion_is_read_to_the_end(heard: Heard) -> None:
    for number in range(readers.BATCH + 5):
        happen(f"a:{number}")
    journal.number_committed()

    while readers.read_on(now=NOON):
        pass

    assert len(heard) == readers.BATCH + 5


def seq_of(reader: str) -> int:
    return JournalReader.objects.get(name=reader).seq


def test_a_reader_whom_the_news_does_not_concern_is_not_written_until_it_lies_far_behind(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.read_on(now=NOON)
    happen("a:1", type="test.other")
    journal.number_committed()
    readers.read_on(now=NOON)
    assert seq_of("test") == 0

    monkeypatch.setattr(readers, "LEFT_BEHIND", 0)
    readers.read_on(now=NOON)
    assert seq_of("test") == journal.last_seq()
    happen("a:2")
    journal.number_committed()
    readers.read_on(now=NOON)
    assert heard == ["a:2"]
