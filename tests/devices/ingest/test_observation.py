"""Observations: what is taken, what is refused and why, and how a resend is known."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ingest.clocks import Clock
from devices.ingest.observation import Observation, Parsed, parse, salvage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def parsed(*items: Any, device: str = "") -> Parsed:
    return parse(json.dumps(list(items)).encode(), received_at=NOON, device=device)


def the_only(item: dict[str, Any]) -> Observation:
    (observation,) = parsed({"device": "d1", **item}).observations
    return observation


def test_one_object_and_an_array_are_read_alike() -> None:
    one = parse(b'{"device":"d1","metric":"bed","value":true}', received_at=NOON)
    many = parse(b'[{"device":"d1","metric":"bed","value":true}]', received_at=NOON)

    assert one == many
    assert [(o.device, o.metric, o.value) for o in one.observations] == [("d1", "bed", True)]


def test_the_sender_is_the_device_where_none_is_named() -> None:
    assert parsed({"metric": "sos"}, device="d7").observations[0].device == "d7"


def test_an_unknown_metric_is_stored() -> None:
    assert the_only({"metric": "kettle_boils", "value": 3}).metric == "kettle_boils"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"metric": "bed", "value": True}, "no_device"),
        ({"device": "d\0", "metric": "bed", "value": True}, "no_device"),
        ({"device": 5, "metric": "bed", "value": True}, "no_device"),
        ({"device": "d", "metric": "Bed!", "value": True}, "bad_metric"),
        ({"device": "d", "value": True}, "bad_metric"),
        ({"device": "d", "metric": "bed"}, "bad_value"),
        ({"device": "d", "metric": "bed", "value": [1]}, "bad_value"),
        ({"device": "d", "metric": "bed", "value": "x" * 1_001}, "bad_value"),
        ({"device": "d", "metric": "bed", "value": 10**30}, "bad_value"),
        ({"device": "d", "metric": "position", "value": {"lat": 0, "lon": 0}}, "bad_value"),
        ({"device": "d", "metric": "bed", "value": 1, "at": "soon"}, "bad_time"),
        ({"device": "d", "metric": "bed", "value": 1, "at": 1e30}, "bad_time"),
        ({"device": "d", "metric": "bed", "value": 1, "seq": [1]}, "bad_seq"),
        ({"device": "d", "metric": "bed", "value": 1, "id": ""}, "bad_id"),
        ({"device": "d", "metric": "bed", "value": 1, "unit": 5}, "bad_unit"),
        ({"device": "d", "metric": "smoke"}, "bad_value"),
        ("sos", "not_an_object"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason_and_costs_no_neighbour(
    item: Any, code: str
) -> None:
    result = parsed(
        {"device": "d", "metric": "a", "value": 1}, item, {"device": "d", "metric": "sos"}
    )

    assert [(one.index, one.code) for one in result.rejected] == [(1, code)]
    assert [one.metric for one in result.observations] == ["a", "sos"]


def test_a_half_character_costs_no_neighbour() -> None:
    raw = b'[{"device":"\\ud800","metric":"bed","value":1},{"device":"d","metric":"bed","value":1}]'

    result = parse(raw, received_at=NOON)

    assert [one.code for one in result.rejected] == ["no_device"]
    assert len(result.observations) == 1


@pytest.mark.parametrize(
    "rubbish",
    [{"at": "soon"}, {"unit": []}, {"seq": {}}, {"id": [1]}, {"value": [1, 2]}, {"value": None}],
)
def test_an_sos_is_taken_whatever_else_is_wrong_with_it(rubbish: dict[str, Any]) -> None:
    observation = the_only({"metric": "sos", **rubbish})

    assert observation.call_kind == "emergency"


def test_an_sos_with_a_broken_time_keeps_its_name() -> None:
    assert the_only({"metric": "sos", "id": "m1", "at": "soon"}).key is not None


@pytest.mark.parametrize(
    ("metric", "value", "kind"),
    [
        ("sos", True, "emergency"),
        ("sos", "test", "emergency"),
        ("sos", False, None),
        ("sos", "released", None),
        ("press", True, "service"),
        ("smoke", True, "emergency"),
        ("smoke", 1, "emergency"),
        ("smoke", "alarm", "emergency"),
        ("smoke", "Feuer", "emergency"),
        ("smoke", False, None),
        ("smoke", 0, None),
        ("smoke", "normal", None),
        ("smoke", "test", None),
        ("smoke", "silenced", None),
        ("fall", "none", None),
        ("fall", True, "emergency"),
        ("gas", 1, "emergency"),
        ("water", True, None),
    ],
)
def test_alarms_are_told_from_tests_and_rest(metric: str, value: Any, kind: str | None) -> None:
    assert the_only({"metric": metric, "value": value}).call_kind == kind


def test_a_measured_concentration_is_no_alarm() -> None:
    assert the_only({"metric": "gas", "value": 12, "unit": "ppm"}).call_kind is None


@pytest.mark.parametrize(
    ("at", "moment", "clock"),
    [
        ("2026-03-01T11:59:00Z", NOON - timedelta(minutes=1), Clock.TOLD),
        ("2026-03-01T19:59:00+08:00", NOON - timedelta(minutes=1), Clock.TOLD),
        ("2026-03-01T11:59:00.427430120+00:00", NOON - timedelta(seconds=59.57257), Clock.TOLD),
        ("2026-03-01T11:59:00", NOON - timedelta(minutes=1), Clock.TOLD),
        (1772366340, NOON - timedelta(minutes=1), Clock.TOLD),
        (1772366340000, NOON - timedelta(minutes=1), Clock.TOLD),
        ("1772366340", NOON - timedelta(minutes=1), Clock.TOLD),
        ("2026-03-01T12:05:00Z", NOON + timedelta(minutes=5), Clock.TOLD),
        ("2026-03-01T12:05:01Z", NOON, Clock.FUTURE),
        ("2026-03-01T09:00:00Z", NOON - timedelta(hours=3), Clock.LATE),
        ("2025-01-01T00:00:00Z", datetime(2025, 1, 1, tzinfo=UTC), Clock.LATE),
        ("1970-01-01T00:00:07Z", NOON, Clock.UNSET),
        (None, NOON, Clock.RECEIVED),
    ],
)
def test_a_time_is_believed_as_far_as_it_can_be_true(
    at: Any, moment: datetime, clock: Clock
) -> None:
    observation = the_only({"metric": "bed", "value": True, "at": at})

    assert (observation.at, observation.clock) == (moment, clock)


def test_a_press_that_says_nothing_of_itself_has_no_name() -> None:
    assert the_only({"metric": "sos"}).key is None


def test_a_clock_that_was_never_set_names_no_message() -> None:
    assert the_only({"metric": "sos", "at": "1970-01-01T00:00:07Z"}).key is None


def test_a_bare_counter_is_a_weak_name() -> None:
    assert the_only({"metric": "sos", "seq": 1}).key_is_weak
    assert not the_only({"metric": "sos", "seq": 1, "at": "2026-03-01T11:59:00Z"}).key_is_weak


messages = st.fixed_dictionaries(
    {
        "metric": st.sampled_from(["sos", "bed", "heart_rate_bpm"]),
        "value": st.booleans() | st.integers(0, 300) | st.sampled_from(["1", "true"]),
    },
    optional={
        "seq": st.integers(0, 5),
        "at": st.sampled_from(["2026-03-01T11:00:00Z", "2026-03-01T11:00:01Z"]),
    },
)


@given(message=messages, later=st.timedeltas(timedelta(0), timedelta(days=6)))
def test_a_resend_has_the_key_of_the_message_whenever_it_comes(
    message: dict[str, Any], later: timedelta
) -> None:
    raw = json.dumps({"device": "d1", **message}).encode()

    (first,) = parse(raw, received_at=NOON).observations
    (again,) = parse(raw, received_at=NOON + later).observations

    assert first.key == again.key


@given(one=messages, other=messages)
def test_different_messages_have_different_keys(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = the_only(one), the_only(other)

    if first.key is not None and json.dumps(one, sort_keys=True) != json.dumps(
        other, sort_keys=True
    ):
        assert first.key != second.key


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-03-01T11:00:01Z"},
        {"seq": 8},
        {"metric": "smoke"},
        {"value": 1},
    ],
)
def test_whatever_a_message_says_otherwise_makes_it_another(change: dict[str, Any]) -> None:
    message = {"metric": "sos", "value": True, "seq": 7, "at": "2026-03-01T11:00:00Z"}

    assert the_only(message).key != the_only(message | change).key


def test_one_id_is_one_message_of_each_metric() -> None:
    first = the_only({"metric": "sos", "id": "m1", "at": "2026-03-01T11:00:00Z"})
    restamped = the_only({"metric": "sos", "id": "m1", "at": "2026-03-01T11:30:00Z"})
    neighbour = the_only({"metric": "battery_percent", "id": "m1", "value": 3})

    assert first.key == restamped.key
    assert first.key != neighbour.key


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"device":"d1","metric":"sos","val', [("d1", "sos")]),
        (b'{"metric":"sos","device":"d1"', [("d1", "sos")]),
        (b"SOS", [("", "sos")]),
        ("求助".encode(), [("", "sos")]),
        (b"metric=sos&device=d7&value=1", [("d7", "sos")]),
        (b'\xff\xfe{"metric": "sos"', [("", "sos")]),
        (b'{"deep":[{"deeper":{"metric":"SOS"}}]}', [("", "sos")]),
        (b'{"smoke":true,"fall":1,"gas":"normal"}', [("", "smoke"), ("", "fall")]),
        (b'{"action":"panic"}', [("", "sos")]),
        (b'{"device":"a","metric":"smoke","value":"test"', []),
        (b'{"device":"a","metric":"sos","value":false,', []),
        (b'{"metric":"sos","value":false,"metric":"smoke","value":"alarm",', [("", "smoke")]),
        (b"sosnumber=120", []),
        (b'{"waterfall": true}', []),
        (b"", []),
    ],
)
def test_alarms_are_read_in_rubbish_and_nothing_else(
    raw: bytes, found: list[tuple[str, str]]
) -> None:
    assert [(one.device, one.metric) for one in salvage(raw, received_at=NOON)] == found


def test_an_alarm_in_a_refused_observation_is_kept() -> None:
    result = parsed({"device": ["?"], "metric": "sos", "id": "m1"})

    assert [one.code for one in result.rejected] == ["no_device"]
    assert [one.metric for one in result.salvaged] == ["sos"]
    assert result.salvaged[0].key is not None


@given(raw=st.binary(max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    result = parse(raw, received_at=NOON)

    assert result.rejected or result.observations or raw.strip() == b"[]"


@given(
    raw=st.text(alphabet='{}[]":,sometric value01true\\u', max_size=200).map(str.encode),
)
def test_almost_json_does_not_break_it(raw: bytes) -> None:
    parse(raw, received_at=NOON)


def test_a_bottomless_nesting_is_bad_json() -> None:
    assert parse(b"[" * 200_000, received_at=NOON).rejected[0].code == "bad_json"
