"""The committed icons are what the drawing says."""

import struct
import zlib

from backend.web import icons


def test_a_small_icon_is_drawn_as_it_is_committed() -> None:
    assert icons.png(32) == (icons.FOLDER / "icon-32.png").read_bytes()
    assert icons.svg() == (icons.FOLDER / "icon.svg").read_text(encoding="utf-8")


def test_an_icon_is_a_png_of_its_size() -> None:
    data = icons.png(16)
    assert struct.unpack(">II", data[16:24]) == (16, 16)
    start = data.index(b"IDAT") + 4
    length = struct.unpack(">I", data[start - 8 : start - 4])[0]
    assert len(zlib.decompress(data[start : start + length])) == 16 * (1 + 4 * 16)
