"""What Milesight's sensors say, one published or documented frame after another."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adapters import milesight

FIXTURES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "milesight.json").read_text(encoding="utf-8")
)
MAY_1 = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp())


def said_by(frame: milesight.Frame) -> dict[str, Any]:
    return {one.metric: one.value for one in frame.said}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture["name"])
def test_each_known_frame_says_what_its_sensor_means(fixture: dict[str, Any]) -> None:
    frame = milesight.read(
        fixture["model"], bytes.fromhex(fixture["hex"]), is_sos=fixture["kind"] == "sos_button"
    )

    assert said_by(frame) == fixture["says"]


@pytest.mark.parametrize(
    ("firmware", "data", "occupied"),
    [
        ("1.1", "04F900010101", True),
        ("1.1", "04F901010101", False),
        ("v1.0.1", "04F900010101", True),
        ("1.2", "04F901000000", True),
        ("v1.0.2", "04F900000000", False),
        ("", "04F901000000", None),
    ],
)
def test_a_region_is_read_the_way_its_firmware_turns_it(
    firmware: str, data: str, occupied: bool | None
) -> None:
    frame = milesight.read("VS373", bytes.fromhex(data), firmware=firmware)

    assert said_by(frame).get("region_occupied") is occupied


def test_what_was_kept_has_its_own_time() -> None:
    kept = bytes.fromhex("20CE") + MAY_1.to_bytes(4, "little") + bytes.fromhex("10015D01")
    frame = milesight.read("EM300-SLD", bytes.fromhex("050000") + kept)

    assert [(one.metric, one.value, one.at_s) for one in frame.said] == [
        ("water", False, None),
        ("temperature_celsius", 27.2, MAY_1),
        ("humidity_percent", 46.5, MAY_1),
        ("water", True, MAY_1),
    ]


def test_a_kept_fall_has_its_own_time() -> None:
    kept = bytes.fromhex("20CE") + MAY_1.to_bytes(4, "little") + bytes.fromhex("01000001FF")

    assert [tuple(one) for one in milesight.read("VS373", kept).said] == [("fall", True, MAY_1)]


def test_a_sensor_that_joins_tells_its_firmware() -> None:
    frame = milesight.read("VS373", bytes.fromhex("FF0BFFFF0101FF090110FF0A0102FF0F00"))

    assert said_by(frame) == {"firmware": "1.2"}
    assert frame.refusal == ""


@pytest.mark.parametrize(
    ("data", "refusal"), [("01", "cut_off"), ("0175", "cut_off"), ("EE0001", "unknown_channel")]
)
def test_what_cannot_be_read_ends_a_frame_and_costs_nothing_before_it(
    data: str, refusal: str
) -> None:
    frame = milesight.read("WS101", bytes.fromhex("FF2E01" + data), is_sos=True)

    assert said_by(frame)["sos"] is True
    assert frame.refusal == refusal


def test_a_model_is_what_is_registered_else_what_the_network_says_else_what_the_kind_is() -> None:
    assert milesight.model_of(model="vs340 ", kind="water", told="WS303") == "VS340"
    assert milesight.model_of(model="", kind="water", told="Milesight EM300-SLD EU") == "EM300-SLD"
    assert milesight.model_of(model="", kind="water", told="class A") == "WS303"
    assert milesight.model_of(model="", kind="watch", told="") == ""


@pytest.mark.parametrize(
    ("printed", "model"),
    [
        ("WS101-868M", "WS101"),
        ("ws101 SOS", "WS101"),
        ("EM300-MCS-470M", "EM300-MCS"),
        ("WS1010", "WS1010"),
    ],
)
def test_a_model_entered_as_its_label_prints_it_is_that_model(printed: str, model: str) -> None:
    assert milesight.model_of(model=printed, kind="sos_button", told="") == model


@given(st.sampled_from([*milesight.MODELS, "GS524N", "XX1"]), st.binary(max_size=60))
def test_nothing_that_a_sensor_sends_breaks_the_reading(model: str, data: bytes) -> None:
    frame = milesight.read(model, data, firmware="1.2", is_sos=True)

    assert all(isinstance(one.metric, str) for one in frame.said)
