"""What zigbee2mqtt's messages say, one published or documented form after another."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adapters import reader_for
from devices.adapters.zigbee2mqtt import read
from devices.ingest.clocks import Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIXTURES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "payloads.json").read_text(encoding="utf-8")
)


def payload_of(fixture: dict[str, Any]) -> bytes:
    text: str = fixture["text"] if "text" in fixture else json.dumps(fixture["payload"])
    return text.encode()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture["name"])
def test_each_known_form_says_what_its_device_means(fixture: dict[str, Any]) -> None:
    parsed = read(fixture["topic"], payload_of(fixture), received_at=NOON)

    said = [(one.metric, one.value) for one in parsed.observations]
    assert sorted(said) == sorted(fixture["says"].items())
    assert parsed.ignored == fixture.get("ignored", "")
    assert parsed.rejected == []


def test_only_real_alarms_become_calls() -> None:
    ringing = {
        fixture["name"]
        for fixture in FIXTURES
        for one in read(fixture["topic"], payload_of(fixture), received_at=NOON).observations
        if one.call_kind == "emergency"
    }

    assert ringing == {
        "an SOS button",
        "a keypad's panic",
        "an action told as a topic of its own",
        "smoke",
        "gas and poison at once",
        "a fall seen by a radar",
        "a fall beside the bed",
    }


def test_a_service_button_asks_for_service_whatever_its_action_is_called() -> None:
    parsed = read("zigbee2mqtt/green", b'{"action": "off"}', received_at=NOON)

    assert parsed.observations[0].call_kind == "service"


def test_the_device_is_named_by_its_whole_friendly_name() -> None:
    parsed = read("zigbee2mqtt/hall/door", b'{"contact": true}', received_at=NOON)

    assert parsed.observations[0].device == "hall/door"


def test_last_seen_dates_and_names_a_message_so_that_a_resend_is_known() -> None:
    payload = b'{"action": "emergency", "last_seen": "2026-03-01T11:59:00Z"}'

    first, again = (
        read("zigbee2mqtt/sos", payload, received_at=NOON).observations[0] for _ in range(2)
    )

    assert first.at == datetime(2026, 3, 1, 11, 59, tzinfo=UTC)
    assert first.clock is Clock.TOLD
    assert first.key is not None
    assert first.key == again.key


def test_a_press_without_last_seen_has_no_name() -> None:
    parsed = read("zigbee2mqtt/sos", b'{"action": "emergency"}', received_at=NOON)

    assert parsed.observations[0].key is None


def test_a_cut_off_message_still_rings() -> None:
    parsed = read("zigbee2mqtt/sos", b'{"action":"emergency","batt', received_at=NOON)

    assert [(one.device, one.metric) for one in parsed.salvaged] == [("sos", "sos")]


def test_every_adapter_is_found_by_its_topics() -> None:
    assert reader_for("zigbee2mqtt/sos") is read
    assert reader_for("yian/d1/up") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
known_fields = st.sampled_from(
    ["action", "smoke", "gas", "fall_status", "contact", "battery", "last_seen", "device", "status"]
)


@given(state=st.dictionaries(known_fields, json_values), name=st.text(max_size=20))
def test_no_state_is_strange_enough_to_break_it(state: dict[str, Any], name: str) -> None:
    parsed = read(f"zigbee2mqtt/{name}", json.dumps(state).encode(), received_at=NOON)

    assert all(one.device for one in parsed.observations)


@given(payload=st.binary(max_size=200))
def test_no_bytes_are_strange_enough_to_break_it(payload: bytes) -> None:
    read("zigbee2mqtt/sos", payload, received_at=NOON)
