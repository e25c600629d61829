"""The port of decisions that a machine made: each with its reasons, and the way to a person.

An app says which of its answers come from rules or reckoning without a person; the page of one's
data shows them all, each with a button that brings it before somebody of the staff.

Source: Personal Information Protection Law, article 24: explanation, and the right to refuse what
is decided by a machine alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from backend.people.models import Resident


@dataclass(frozen=True)
class Reason:
    """One thing that the decision stands on."""

    text: str
    article: str = ""
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class Decision:
    """What a machine decided about somebody."""

    key: str
    """As a request names it: "benefit:old_age_allowance"."""
    title: str | Promise
    sentence: str
    """In plain words, for the person."""
    at: datetime | None = None
    is_against: bool = False
    """Not what they may have hoped for: no, not yet, left out."""
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class Decider:
    """A part of the house that decides by itself."""

    name: str
    label: str | Promise
    decided: Callable[[Resident, datetime, str], Sequence[Decision]]
    """From a resident, now, and the reader's language; newest first."""


_deciders: dict[str, Decider] = {}


def register(decider: Decider) -> None:
    """Say that a part decides by itself.

    Raises:
        ValueError: another one has the name.
    """
    if _deciders.setdefault(decider.name, decider) != decider:
        raise ValueError(f"two deciders named {decider.name}")


def deciders() -> list[Decider]:
    """All of them."""
    return sorted(_deciders.values(), key=lambda each: each.name)


def decisions_about(resident: Resident, *, now: datetime, language: str) -> list[Decision]:
    """What machines decided about somebody."""
    return [decision for each in deciders() for decision in each.decided(resident, now, language)]


def decision_named(
    resident: Resident, key: str, *, now: datetime, language: str
) -> Decision | None:
    """The decision that a request is about, as it stands now; None: it is gone."""
    found = decisions_about(resident, now=now, language=language)
    return next((each for each in found if each.key == key), None)
