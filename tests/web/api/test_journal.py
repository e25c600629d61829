"""The journal at the API: by cursor, for one's own eyes."""

import pytest

from backend.core import journal
from backend.people.models import Resident
from tests.builders import NOON, a_contact, a_family_account, a_resident, a_user, with_token

pytestmark = pytest.mark.django_db

DOOR = "/api/v1/journal/"


def events_about(*residents: Resident) -> None:
    """One numbered event about each."""
    for number, resident in enumerate(residents):
        journal.append(
            f"call:{number}",
            "call.note",
            at=NOON,
            area_path=resident.area.path,
            resident_id=resident.pk,
        )
    journal.number_committed()


def test_reading_on_from_last_skips_nothing_and_repeats_nothing() -> None:
    resident, stranger = a_resident(), a_resident()
    events_about(resident, stranger, resident, resident, stranger)
    client = with_token(a_user(role="operator", area=resident.area))

    first = client.get(DOOR, {"limit": 2}).json()
    second = client.get(DOOR, {"since": first["last"], "limit": 2}).json()
    third = client.get(DOOR, {"since": second["last"]}).json()

    assert [(e["prev"], e["seq"]) for e in first["events"]] == [(0, 1), (1, 3)]
    assert [(e["prev"], e["seq"]) for e in second["events"]] == [(3, 4)]
    assert (second["last"], third) == (5, {"events": [], "last": 5})


def test_an_event_has_the_form_that_sockets_push() -> None:
    resident = a_resident()
    events_about(resident)
    client = with_token(a_user(role="operator", area=resident.area))

    assert client.get(DOOR).json()["events"] == [
        {
            "seq": 1,
            "prev": 0,
            "type": "call.note",
            "at": "2026-11-23T04:00:00+00:00",
            "id": "0",
            "data": {},
        }
    ]


def test_family_see_what_concerns_their_own() -> None:
    mother, neighbour = a_resident(), a_resident()
    events_about(neighbour, mother)

    seen = with_token(a_family_account(a_contact(resident=mother))).get(DOOR).json()

    assert [event["seq"] for event in seen["events"]] == [2]


@pytest.mark.parametrize("question", [{"since": "-1"}, {"since": "x"}, {"limit": "100000"}])
def test_a_cursor_that_is_none_is_refused(question: dict[str, str]) -> None:
    answer = with_token(a_user(role="operator")).get(DOOR, question)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
