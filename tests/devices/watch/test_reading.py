"""What watches say, frame after frame, and what is no frame."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ingest.clocks import Clock
from devices.watch.frames import Frame, Framer, alarm_in
from devices.watch.reading import answer_to, read

NOON = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)
FIXTURES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "frames.json").read_text(encoding="utf-8")
)


def frames_in(*pieces: bytes, most: int = 0xFFFF) -> list[Frame | bytes]:
    framer = Framer(max_content_bytes=most)
    found: list[Frame | bytes] = []
    for piece in pieces:
        framer.feed(piece)
        while (one := framer.next()) is not None:
            found.append(one)
    return found


def the_frame(text: str) -> Frame:
    [frame] = frames_in(text.encode())
    assert isinstance(frame, Frame)
    return frame


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture["name"])
def test_each_known_frame_says_what_its_watch_means(fixture: dict[str, Any]) -> None:
    parsed = read(the_frame(fixture["frame"]), device="w", received_at=NOON)

    assert {one.metric: one.value for one in parsed.observations} == fixture["says"]
    assert parsed.rejected == []
    if fixture["at"] is not None and fixture["at"] >= "2024":
        told = {one.at.isoformat() for one in parsed.observations}
        assert told == {fixture["at"]}
        assert {one.clock for one in parsed.observations} <= {Clock.TOLD, Clock.LATE}


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("[3G*4700186508*000B*LK,0,10,100]", b"[3G*4700186508*0002*LK]"),
        ("[ZJ*014111001332708*0075*0002*LK]", b"[ZJ*014111001332708*0075*0002*LK]"),
        ("[3G*1*0006*AL_LTE]", b"[3G*1*0002*AL]"),
        ("[3G*1*0003*TKQ]", b"[3G*1*0003*TKQ]"),
        ("[3G*1*0004*INIT]", b"[3G*1*0006*INIT,1]"),
        ("[3G*1*0003*UD2]", b""),
        ("[3G*1*0008*heart,71]", b""),
    ],
)
def test_a_watch_gets_the_answer_that_it_waits_for(sent: str, answer: bytes) -> None:
    assert answer_to(the_frame(sent)) == answer


def test_frames_come_out_whole_however_the_line_cuts_them() -> None:
    sent = "".join(fixture["frame"] for fixture in FIXTURES).encode()
    chance = random.Random(3)  # noqa: S311 - repeatable
    cuts = sorted(chance.randrange(len(sent)) for _ in range(40))
    pieces = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]

    assert frames_in(*pieces) == frames_in(sent)
    assert len(frames_in(sent)) == len(FIXTURES)


def test_a_wrong_length_costs_no_press_and_a_voice_message_is_skipped_by_its_length() -> None:
    voice = b"[3G*1*000a*TK,a]b[c]d" + b"]"
    found = frames_in(b"[3G*1*00ff*AL]" + voice + b"[3G*1*0001*LK]")

    assert [one.kind for one in found if isinstance(one, Frame)] == ["AL", "TK", "LK"]


def test_rubbish_between_frames_comes_out_beside_them() -> None:
    found = frames_in(b"\x00hello[3G*1*0002*LK]GET / HTTP/1.1\r\n\r\n[[[3G*1*0002*LK]")

    assert [one for one in found if isinstance(one, Frame)] == [the_frame("[3G*1*0002*LK]")] * 2
    assert b"hello" in b"".join(one for one in found if isinstance(one, bytes))


def test_contents_that_are_too_long_are_rubbish() -> None:
    found = frames_in(b"[3G*1*ffff*" + b"x" * 200, most=100)

    assert found
    assert not any(isinstance(one, Frame) for one in found)


@pytest.mark.parametrize(
    ("rubbish", "name"),
    [
        (b"[3G*6907919734*003e*AL,231126,040000,V,0,N", "6907919734"),
        (b"3G*12*0002*AL", "12"),
        (b"3G*12*0008*AL_LTEX", "12"),
        (b"xx AL,231126", ""),
        (b"xx AL_LT", ""),
        (b"\xffAL]", ""),
    ],
)
def test_an_alarm_is_found_in_what_is_no_whole_frame(rubbish: bytes, name: str) -> None:
    frame = alarm_in(rubbish)

    assert frame is not None
    assert frame.id == name
    parsed = read(frame, device="w", received_at=NOON)
    assert [one.metric for one in parsed.observations if one.call_kind] == ["sos"]


@pytest.mark.parametrize(
    "noise",
    [b"OPTIONS /ALL HTTP/1.1\r\n\r\n", b"HELO ALPHA\r\n", b"\x16\x03\x01\xffAL\x91\x02", b"AL PN"],
)
def test_what_only_looks_like_an_alarm_calls_nobody(noise: bytes) -> None:
    assert alarm_in(noise) is None


@given(st.lists(st.binary(max_size=80), max_size=8))
def test_nothing_breaks_the_framing_and_nothing_is_kept_for_ever(pieces: list[bytes]) -> None:
    framer = Framer(max_content_bytes=256)
    for piece in pieces:
        framer.feed(piece)
        while framer.next() is not None:
            pass
    assert len(framer.rest()) <= 80 * 8


@given(
    st.sampled_from(["AL", "UD", "UD2", "LK", "heart", "bphrt", "oxygen", "btemp2", "TK", "?"]),
    st.text(max_size=120),
)
def test_nothing_that_a_frame_holds_breaks_the_reading(kind: str, text: str) -> None:
    content = f"{kind},{text}".encode()
    parsed = read(Frame("3G", "1", content), device="w", received_at=NOON)

    if kind == "AL":
        assert parsed.observations
