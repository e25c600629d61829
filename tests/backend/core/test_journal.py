"""Readers by cursor see every event once, whenever it was committed."""

from uuid import uuid4

import pytest
from django.db import transaction

from backend.core import hints, journal
from backend.core.journal import Viewpoint
from backend.core.models import JournalEvent, JournalHead
from tests.builders import NOON
from tests.threads import Held, at_once

RESIDENT, NEIGHBOUR = uuid4(), uuid4()


def an_event(number: int = 1, **fields: object) -> JournalEvent:
    """An unnumbered event."""
    return journal.append(f"call:{number}", "call.note", at=NOON, **fields)  # type: ignore[arg-type]


def number_all() -> None:
    """What the sequencer does in one round."""
    while journal.number_committed():
        pass


def seen_after(seq: int) -> list[str]:
    """Subjects that a reader at `seq` gets."""
    return [event.subject for event in journal.since(seq)]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_skipped() -> None:
    with Held(lambda: an_event(1)) as late:
        early = an_event(2)
        number_all()
        assert seen_after(0) == ["call:2"]
        cursor = journal.last_seq()
        late.commit()
    number_all()

    by_id = JournalEvent.objects.filter(pk__gt=early.pk)
    assert not by_id.exists(), "a cursor over ids would have skipped it"
    assert seen_after(cursor) == ["call:1"]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_rolled_back_leaves_no_gap() -> None:
    with Held(lambda: an_event(1)) as taken_back:
        an_event(2)
        number_all()
        taken_back.roll_back()
    an_event(3)
    number_all()

    assert [event.seq for event in journal.since(0)] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_sequencers_at_the_same_time_give_each_number_once_and_leave_no_gap() -> None:
    def write() -> None:
        for number in range(50):
            with transaction.atomic():
                an_event(number)

    def number() -> None:
        for _ in range(100):
            journal.number_committed()

    at_once(write, number, write, number, write, number)
    number_all()

    assert [event.seq for event in journal.since(0)] == list(range(1, 151))
    assert journal.last_seq() == 150


@pytest.mark.django_db(transaction=True)
def test_while_one_sequencer_works_another_gives_way_at_once() -> None:
    an_event(1)
    with Held(journal.number_committed):
        assert journal.number_committed() == 0

    assert seen_after(0) == ["call:1"]


@pytest.mark.django_db
def test_a_lost_head_is_found_again_from_the_events() -> None:
    an_event(1)
    number_all()
    JournalHead.objects.all().delete()
    an_event(2)
    number_all()

    assert [event.seq for event in journal.since(0)] == [1, 2]
    assert journal.last_seq() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "seen_by"),
    [
        ({"area_path": "320205.001."}, {"street", "district"}),
        ({"area_path": "320205.002."}, {"district"}),
        ({"area_path": "320206.001."}, set()),
        ({"area_path": ""}, set()),
        ({"resident_id": RESIDENT}, {"daughter"}),
        ({"resident_id": NEIGHBOUR}, set()),
        ({"audience": ["caregiver:1", "user:2"]}, {"caregiver"}),
        ({"area_path": "320205.001.", "resident_id": RESIDENT}, {"street", "district", "daughter"}),
    ],
)
def test_a_viewer_sees_what_is_in_their_area_about_their_people_or_sent_to_them(
    fields: dict[str, object], seen_by: set[str]
) -> None:
    viewers = {
        "street": Viewpoint(area_paths=("320205.001.",)),
        "district": Viewpoint(area_paths=("320205.",)),
        "daughter": Viewpoint(resident_ids=frozenset({RESIDENT})),
        "caregiver": Viewpoint(references=frozenset({"caregiver:1"})),
        "nobody": Viewpoint(),
    }
    event = an_event(1, **fields)
    number_all()

    assert {name for name, viewer in viewers.items() if viewer.sees(event)} == seen_by
    asked = {name for name, viewer in viewers.items() if journal.since(0, viewpoint=viewer)}
    assert asked == seen_by, "the database condition says the same"


@pytest.mark.django_db
def test_messages_name_the_event_before_that_this_viewer_could_see() -> None:
    mine = frozenset({RESIDENT})
    for number, resident in enumerate([RESIDENT, NEIGHBOUR, RESIDENT]):
        an_event(number, resident_id=resident)
    number_all()

    events = journal.since(0, viewpoint=Viewpoint(resident_ids=mine))
    messages = list(journal.chained(events, after=0))

    assert [(m["prev"], m["seq"]) for m in messages] == [(0, 1), (1, 3)]
    assert messages[0]["id"] == "0"


@pytest.mark.django_db(transaction=True)
def test_the_hint_of_new_numbers_says_whether_one_of_them_is_pressing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal, "_pushed_at_once", set())
    journal.push_at_once("test.pressing")
    said = []
    with hints.listening(hints.JOURNAL_NUMBERED) as own:
        for types in (["test.calm"], ["test.calm", "test.pressing"], []):
            for type_ in types:
                journal.append("call:1", type_, at=NOON)
            number_all()
            said.append(hints.wait_for_words(own, at_most_s=0.3))

    assert said == [[""], [journal.AT_ONCE], []]
