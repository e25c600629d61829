"""Benefits as dated rules, read from `benefits/*.yaml`."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from services.assistance.policy.answers import Answer

FOLDER = Path(__file__).with_name("benefits")
LANGUAGE = "zh-hans"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"zh": "zh-hans"}):
    """Words in both languages; they stand beside the rule they explain."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """In a language; Chinese unless it is English."""
        return self.en if language.startswith("en") else self.zh


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to a citizen where a condition is met, and where it is not."""

    met: Text
    unmet: Text

    def of(self, answer: Answer) -> Text | None:
        """The words of an answer; none for unknown."""
        return {Answer.YES: self.met, Answer.NO: self.unmet}.get(answer)


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition with its article and how it is explained."""

    code: str
    article: str
    when: Any
    staff: Text
    """One sentence; {left} and {right} are the two sides of a comparison."""
    citizen: Outcome
    unit: Literal["money", "years", "count", "flag"] = "flag"


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A benefit's rule from one day to another."""

    version: str
    since: date
    basis: str
    criteria: tuple[Criterion, ...]
    amount: Any
    """A term in fen a month; null where the benefit is a recognition without money."""
    amount_article: str = ""
    starts: str = ""
    """The parameter that names the first month that is paid: a `months.First`."""
    until: date | None = None
    mode_parameter: str = ""
    """The parameter by which a place says how it reaches people; unknown: as the benefit says."""
    derived: dict[str, Any] = {}
    """Facts that are counted from others, such as the income that counts."""


class Benefit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A benefit of the law."""

    benefit: str
    name: Text
    unit: Literal["person", "household"]
    mode: Literal["auto", "offer_then_confirm", "notify_only"]
    """How it reaches people who did not apply."""
    mode_article: str
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """The rule in force on a day."""
        fitting = [
            each
            for each in self.versions
            if each.since <= day and (each.until is None or day <= each.until)
        ]
        return max(fitting, key=lambda each: each.since, default=None)


def read(path: Path) -> Benefit:
    """A benefit from its file.

    Raises:
        msgspec.ValidationError: it does not fit; the message says where.
    """
    return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Benefit)


@cache
def benefits() -> Mapping[str, Benefit]:
    """All benefits by name."""
    found = [read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {each.benefit: each for each in found}
