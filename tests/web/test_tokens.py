"""Colours: contrast by number, and the two ways into the night say the same."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "backend" / "web" / "static" / "web"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")

TEXT_PAIRS = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "danger", "help", "attention", "link")
    for ground in ("ground", "card", "sunk")
    if (ink, ground) not in {("danger", "sunk"), ("help", "sunk")}
] + [
    ("on-danger", "danger-fill"),
    ("on-help", "help-fill"),
    ("on-attention", "attention-fill"),
    ("danger", "danger-ground"),
    ("ink", "danger-ground"),
]
LINE_PAIRS = [(line, ground) for line in ("line-strong", "focus") for ground in ("ground", "card")]


def blocks(selector: str) -> list[dict[str, str]]:
    found = [body for name, body in BLOCK.findall(TOKENS) if selector in name]
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body)) for body in found]


LIGHT = blocks(':root,\n[data-theme="light"]')
NIGHTS = [*blocks(':root:not([data-theme="light"])'), *blocks('[data-theme="night"]')]


def contrast(first: str, second: str) -> float:
    """Source: WCAG 2.2, relative luminance and contrast ratio."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", ["light", "night"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_seven_to_one(theme: str, ink: str, ground: str) -> None:
    colours = LIGHT[0] if theme == "light" else NIGHTS[0]
    assert contrast(colours[ink], colours[ground]) >= 7


@pytest.mark.parametrize("theme", ["light", "night"])
@pytest.mark.parametrize(("line", "ground"), LINE_PAIRS)
def test_borders_of_controls_and_the_focus_ring_can_be_seen(
    theme: str, line: str, ground: str
) -> None:
    colours = LIGHT[0] if theme == "light" else NIGHTS[0]
    assert contrast(colours[line], colours[ground]) >= 3


def test_the_devices_night_and_the_chosen_night_are_the_same() -> None:
    by_device, by_choice = NIGHTS
    assert by_device == by_choice
    assert by_device.keys() == LIGHT[0].keys()


def test_every_colour_used_is_a_token() -> None:
    known = LIGHT[0].keys()
    for path in STATIC.glob("*.css"):
        style = path.read_text(encoding="utf-8")
        used = set(re.findall(r"(?:color|background|fill|stroke): var\(--([a-z-]+)\)", style))
        assert used <= known, path.name
