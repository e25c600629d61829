"""Packs of parameters: values of the law by layer and day, read from `packs/*.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from django.conf import settings

from services.assistance.policy.knowledge import Known, Parameter
from services.assistance.policy.rules import Text

FOLDER = Path(__file__).with_name("packs")
LAYERS = ("nation", "province", "city", "district")
"""From the widest to the narrowest; the narrowest that says something counts."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value from one day to another; null says that the layer sets it and nobody entered it."""

    value: bool | int | str | None
    since: date
    source: str
    until: date | None = None
    confidence: Literal["", "high", "medium", "low", "invented", "entered"] = ""

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a nation, province, city or district sets."""

    level: Literal["nation", "province", "city", "district"]
    name: Text
    parameters: dict[str, tuple[Entry, ...]]
    code: str = ""
    """Of a district: the code of its area."""


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All layers over one place."""

    pack: str
    title: Text
    invented: bool
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Entered:
    """A value that officers entered on the desk and a second one confirmed."""

    level: str
    code: str
    name: str
    value: Known
    since: date
    until: date | None
    source: str
    version: str


@dataclass(frozen=True)
class Gap:
    """A parameter that is in use and has no value on a day."""

    name: str
    layer: str
    source: str
    """What is known instead, such as the span within which localities choose."""


def read(path: Path) -> Pack:
    """A pack from its file.

    Raises:
        msgspec.ValidationError: it does not fit; the message says where.
    """
    return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Pack)


@cache
def named(name: str) -> Pack:
    """The pack of a name.

    Raises:
        FileNotFoundError: there is none.
    """
    return read(FOLDER / f"{name}.yaml")


def current() -> Pack:
    """The pack of this installation: the setting POLICY_PACK."""
    return named(settings.ENV.policy_pack)


def in_force(
    pack: Pack, *, day: date, district: str, entered: Iterable[Entered] = ()
) -> Mapping[str, Parameter]:
    """Every parameter on a day in a district, by name.

    A narrower layer hides a wider one, also with a null: it sets the value, and nobody knows it.
    What officers entered stands beside the pack's values of its layer; the later `since` counts.
    """
    found: dict[str, Parameter] = {}
    own = list(entered)
    for level in LAYERS:
        layers = [each for each in pack.layers if each.level == level and _covers(each, district)]
        for layer in layers:
            found.update(_latest(_of_layer(pack, layer), day))
        found.update(_over(found, _latest(_of_officers(own, level, district), day), level))
    return found


def _covers(layer: Layer, district: str) -> bool:
    return layer.level != "district" or layer.code == district


def _of_layer(pack: Pack, layer: Layer) -> Iterator[Parameter]:
    for name, entries in layer.parameters.items():
        for entry in entries:
            yield Parameter(
                name=name,
                value=entry.value,
                layer=layer.level,
                since=entry.since,
                until=entry.until,
                source=entry.source,
                confidence=entry.confidence,
                version=f"{pack.pack}:{entry.since.isoformat()}",
            )


def _of_officers(entered: list[Entered], level: str, district: str) -> Iterator[Parameter]:
    for each in entered:
        if each.level == level and (level != "district" or each.code == district):
            yield Parameter(
                name=each.name,
                value=each.value,
                layer=level,
                since=each.since,
                until=each.until,
                source=each.source,
                confidence="entered",
                version=each.version,
            )


def _latest(values: Iterable[Parameter], day: date) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for value in values:
        holds = value.since <= day and (value.until is None or day <= value.until)
        if holds and (value.name not in found or found[value.name].since <= value.since):
            found[value.name] = value
    return found


def _over(
    found: Mapping[str, Parameter], entered: Mapping[str, Parameter], level: str
) -> dict[str, Parameter]:
    """Of what was entered, all but what a later value of the same layer has replaced."""
    return {
        name: value
        for name, value in entered.items()
        if name not in found
        or found[name].value is None
        or found[name].layer != level
        or found[name].since <= value.since
    }


def gaps(names: Iterable[str], values: Mapping[str, Parameter]) -> list[Gap]:
    """Which of these parameters have no value."""
    missing = []
    for name in names:
        found = values.get(name)
        if found is None or found.value is None:
            missing.append(Gap(name, found.layer if found else "", found.source if found else ""))
    return missing
