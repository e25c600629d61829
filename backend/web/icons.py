"""Draws the app's icon: a house with its light on. `python -m backend.web.icons`.

The same shapes become an SVG and PNGs, so there is one drawing; the files are committed.
"""

import struct
import zlib
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "web" / "icons"
GREEN, CREAM, AMBER = (0x17, 0x60, 0x3A), (0xFB, 0xF8, 0xF3), (0xE8, 0xA3, 0x3D)
CLEAR = (0, 0, 0, 0)
SIZE = 100
HOUSE = [(50, 18), (84, 48), (76, 48), (76, 80), (24, 80), (24, 48), (16, 48)]
LIGHT_AT, LIGHT_RADIUS = (50, 57), 12
CORNER = 22
SAMPLES = 4
"""Each pixel is the mean of SAMPLES x SAMPLES points, which smooths the edges."""

Colour = tuple[int, int, int, int]


def svg() -> str:
    """The drawing as SVG."""
    points = " ".join(f"{x},{y}" for x, y in HOUSE)
    x, y = LIGHT_AT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">'
        f'<rect width="{SIZE}" height="{SIZE}" rx="{CORNER}" fill="{_hex(GREEN)}"/>'
        f'<polygon points="{points}" fill="{_hex(CREAM)}"/>'
        f'<circle cx="{x}" cy="{y}" r="{LIGHT_RADIUS}" fill="{_hex(AMBER)}"/></svg>\n'
    )


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def png(pixels: int, *, bleed: bool = False) -> bytes:
    """The drawing as PNG; with `bleed` the ground fills the square and the rest is smaller."""
    rows = b"".join(b"\0" + _row(y, pixels, bleed=bleed) for y in range(pixels))
    header = struct.pack(">IIBBBBB", pixels, pixels, 8, 6, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _row(y: int, pixels: int, *, bleed: bool) -> bytes:
    return b"".join(bytes(_pixel(x, y, pixels, bleed=bleed)) for x in range(pixels))


def _pixel(x: int, y: int, pixels: int, *, bleed: bool) -> Colour:
    step = SIZE / (pixels * SAMPLES)
    points = [
        _colour((x * SAMPLES + i + 0.5) * step, (y * SAMPLES + j + 0.5) * step, bleed=bleed)
        for i in range(SAMPLES)
        for j in range(SAMPLES)
    ]
    red, green, blue, alpha = (sum(channel) for channel in zip(*points, strict=True))
    shown = alpha // 255
    if not shown:
        return CLEAR
    return (red // shown, green // shown, blue // shown, alpha // len(points))


def _colour(x: float, y: float, *, bleed: bool) -> Colour:
    if not bleed and not _in_ground(x, y):
        return CLEAR
    if bleed:  # a maskable icon may lose all but the inner 80 %
        x, y = (50 + (v - 50) / 0.78 for v in (x, y))
    if (x - LIGHT_AT[0]) ** 2 + (y - LIGHT_AT[1]) ** 2 <= LIGHT_RADIUS**2:
        return (*AMBER, 255)
    return (*(CREAM if _in_house(x, y) else GREEN), 255)


def _in_ground(x: float, y: float) -> bool:
    dx = max(CORNER - x, x - (SIZE - CORNER), 0)
    dy = max(CORNER - y, y - (SIZE - CORNER), 0)
    return dx * dx + dy * dy <= CORNER * CORNER


def _in_house(x: float, y: float) -> bool:
    """Whether a ray to the right crosses the outline an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in zip(HOUSE, HOUSE[1:] + HOUSE[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def main() -> None:
    """Write all files."""
    (FOLDER / "icon.svg").write_text(svg(), encoding="utf-8")
    for pixels in (32, 192, 512):
        (FOLDER / f"icon-{pixels}.png").write_bytes(png(pixels))
    (FOLDER / "icon-512-maskable.png").write_bytes(png(512, bleed=True))


if __name__ == "__main__":
    main()
