"""The words of rules: every fact and parameter with its kind and its name in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from services.assistance.policy.knowledge import Known
from services.assistance.policy.rules import Text

FILE = Path(__file__).with_name("vocabulary.yaml")
FEN_A_YUAN = 100

Kind = Literal["money", "years", "count", "percent", "flag", "word"]
MOST = {"money": 10**11, "years": 150, "count": 150, "percent": 1_000}
"""What no value of a kind goes beyond: a slip of the hand, which would not fit into an amount."""


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact or parameter."""

    kind: Kind
    words: Text
    comes: Literal["entered", "resident", "case"] = "entered"
    choices: dict[str, Text] = {}

    def holds(self, value: Known | None) -> bool:
        """Whether a value is of this kind and within it; a missing one is of every kind."""
        if value is None:
            return True
        if self.kind == "flag":
            return isinstance(value, bool)
        if self.kind == "word":
            return isinstance(value, str) and value in self.choices
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and 0 <= int(value) <= MOST[self.kind]

    def shown(self, value: Known | None, language: str) -> str:
        """A value as it is written."""
        if value is None:
            return ""
        if self.kind == "word":
            return self.choices[str(value)].said(language)
        return written(value, self.kind)


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that rules can speak of."""

    facts: dict[str, Word]
    parameters: dict[str, Word]


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    return msgspec.convert(yaml.safe_load(FILE.read_text(encoding="utf-8")), Vocabulary)


def facts() -> Mapping[str, Word]:
    """All facts by name."""
    return vocabulary().facts


def parameters() -> Mapping[str, Word]:
    """All parameters by name."""
    return vocabulary().parameters


def word_of(name: str) -> Word:
    """A fact or parameter by its name."""
    return facts().get(name) or parameters()[name]


def named(name: str, language: str) -> str:
    """What a fact or parameter is called."""
    word = facts().get(name) or parameters().get(name)
    return word.words.said(language) if word else name


def written(value: Known, kind: str) -> str:
    """A number or flag in words, in the language that is active."""
    match kind:
        case "money":
            return money(int(value))
        case "percent":
            return f"{value}%"
        case "flag":
            return pgettext("a fact", "yes") if value else pgettext("a fact", "no")
    return str(value)


def money(fen: int) -> str:
    """An amount as it is written: ¥612.50."""
    whole, rest = divmod(abs(fen), FEN_A_YUAN)
    sign = "-" if fen < 0 else ""
    amount = f"{sign}{whole:,}.{rest:02}" if rest else f"{sign}{whole:,}"
    return _("¥%(amount)s") % {"amount": amount}
