"""SenML packs as observations."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devices.ingest.clocks import Clock
from devices.ingest.observation import Parsed
from devices.ingest.senml import parse

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def parsed(*pack: Any) -> Parsed:
    return parse(json.dumps(list(pack)).encode(), received_at=NOON, device="d9")


def test_a_lone_name_is_a_metric_of_the_sender_with_its_unit() -> None:
    (one,) = parsed({"n": "temperature", "u": "Cel", "v": 42, "t": 1772366340}).observations

    assert (one.device, one.metric, one.value) == ("d9", "temperature_celsius", 42)
    assert one.at == NOON - timedelta(minutes=1)


def test_bases_hold_until_they_change() -> None:
    result = parsed(
        {"bn": "urn:dev:ow:1:", "bu": "Cel", "bv": 20, "n": "room", "v": 1.5},
        {"n": "hall", "v": 2},
        {"bn": "urn:dev:ow:2:", "n": "sos", "vb": True},
    )

    assert [(one.device, one.metric, one.value) for one in result.observations] == [
        ("urn:dev:ow:1", "room_celsius", 21.5),
        ("urn:dev:ow:1", "hall_celsius", 22),
        ("urn:dev:ow:2", "sos", True),
    ]
    assert result.observations[2].call_kind == "emergency"


def test_small_times_count_from_now_and_name_no_message() -> None:
    (one,) = parsed({"bt": -60, "n": "bed", "vb": True, "t": -60}).observations

    assert one.at == NOON - timedelta(minutes=2)
    assert one.key is None


def test_a_message_with_its_time_is_known_again() -> None:
    record = {"n": "d1/sos", "vb": True, "t": 1772366340}

    first, again = (parsed(record).observations[0] for _ in range(2))

    assert first.key is not None
    assert first.key == again.key


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"n": "d/x", "v": "1"}, "bad_value"),
        ({"n": "d/x", "vd": "AAAA"}, "bad_value"),
        ({"n": "d/x", "v": 1, "t": "now"}, "bad_time"),
        ({"n": "d/x", "v": 1, "must_": 1}, "unknown_field"),
        ({"n": "d/x", "v": 1, "bver": 11}, "bad_version"),
        ({"n": "", "v": 1}, "bad_metric"),
        (7, "not_an_object"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_with_its_reason(record: Any, code: str) -> None:
    result = parsed({"n": "d/first", "v": 1}, record)

    assert [(one.index, one.code) for one in result.rejected] == [(1, code)]
    assert len(result.observations) == 1


def test_an_alarm_in_a_refused_record_is_kept() -> None:
    result = parsed({"n": "d1/sos", "vb": True, "t": "now"})

    assert [(one.device, one.metric) for one in result.salvaged] == [("d1", "sos")]


def test_what_is_no_pack_is_refused() -> None:
    assert parse(b"{}", received_at=NOON).rejected[0].code == "bad_senml"


def test_a_time_before_any_sensor_of_ours_is_a_clock_that_was_never_set() -> None:
    """Source of the pack: docs.rs/sindit-senml; its time is February 2009."""
    raw = b'[{"n":"temperature","u":"Cel","v":42,"t":1234567890}]'

    [one] = parse(raw, received_at=NOON, device="d").observations

    assert (one.metric, one.value, one.at, one.clock) == (
        "temperature_celsius",
        42,
        NOON,
        Clock.UNSET,
    )
