"""The scale as data, and the level that 26 scores come to; exact, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import yaml
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError
from services.assistance.policy.rules import Text

FILE = Path(__file__).with_name("scale.yaml")
WORST = 4
CONSCIOUSNESS = "B3.9"


class ScoresWrong(DomainError):
    """Scores that are not those of the scale."""

    code = "ability_scores"
    message = _("Every item has one of its own scores: {items}.")


class TotalsDoNotSum(DomainError):
    """Totals that were sent are not the sums of their items."""

    code = "ability_totals"
    message = _("The totals are not the sums of their items: {totals}.")


class ComaContradicted(DomainError):
    """A coma and a clear mind do not go together."""

    code = "ability_coma"
    message = _("In a coma the score of consciousness is 0.")


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer and its points."""

    points: int
    says: Text


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the 26."""

    code: str
    name: Text
    ask: Text
    options: tuple[Option, ...]

    @property
    def allowed(self) -> frozenset[int]:
        """The points that can be given."""
        return frozenset(option.points for option in self.options)


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the four."""

    code: str
    field: str
    max: int
    name: Text
    items: tuple[Item, ...]


class Band(msgspec.Struct, frozen=True, rename={"least": "from", "most": "to"}):
    """Which totals are a level."""

    level: int
    least: int
    most: int


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole standard."""

    scale: str
    max: int
    groups: tuple[Group, ...]
    levels: tuple[Band, ...]
    risk_events: dict[str, Text]
    risk_events_from: int
    steps_at_most: int

    @property
    def items(self) -> dict[str, Item]:
        """All items by code."""
        return {item.code: item for group in self.groups for item in group.items}


@cache
def scale() -> Scale:
    """The scale, read once."""
    return msgspec.convert(yaml.safe_load(FILE.read_text(encoding="utf-8")), Scale)


@dataclass(frozen=True)
class Result:
    """What scores come to."""

    totals: Mapping[str, int]
    """By group: {"self_care": 32, …}."""
    total: int
    preliminary_level: int
    steps_worse: int
    level: int


def level_of(
    scores: Mapping[str, int],
    *,
    is_in_coma: bool = False,
    has_diagnosis: bool = False,
    risk_events: int = 0,
    totals: Mapping[str, int] | None = None,
) -> Result:
    """Add up the scores and find the level.

    A coma is the worst level. A dementia or psychiatric diagnosis makes it one level worse, and
    so do two or more care-risk events in 30 days; together one level (`steps_at_most`).
    `totals` are what somebody wrote: by group, and "total".

    Source: GB/T 42195-2022, parts B and C.

    Raises:
        ScoresWrong: an item is missing, unknown, or has points it cannot have.
        TotalsDoNotSum: the totals that were written are not the sums.
        ComaContradicted: a coma beside a score of consciousness above 0.
    """
    known = scale()
    _require_scores(known, scores)
    sums = {group.field: sum(scores[item.code] for item in group.items) for group in known.groups}
    total = sum(sums.values())
    _require_totals({**sums, "total": total}, totals or {})
    if is_in_coma and scores[CONSCIOUSNESS] > 0:
        raise ComaContradicted
    preliminary = next(b.level for b in known.levels if b.least <= total <= b.most)
    steps = min(known.steps_at_most, has_diagnosis + (risk_events >= known.risk_events_from))
    level = WORST if is_in_coma else min(WORST, preliminary + steps)
    return Result(sums, total, preliminary, steps, level)


def _require_scores(known: Scale, scores: Mapping[str, int]) -> None:
    items = known.items
    wrong = [code for code in items if scores.get(code) not in items[code].allowed]
    wrong += [code for code in scores if code not in items]
    if wrong:
        raise ScoresWrong(items=", ".join(wrong))


def _require_totals(sums: Mapping[str, int], written: Mapping[str, int]) -> None:
    wrong = [name for name, value in written.items() if sums.get(name) != value]
    if wrong:
        raise TotalsDoNotSum(totals=", ".join(wrong))
