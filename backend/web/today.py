"""The port of a day at a glance: what each package knows of a resident's day, for their family.

A package registers a source; the page and the API ask all of them, in order. What the resident
does not share is asked of nobody and shown as "not shared". The sources answer from the database
alone, so that a consent that was withdrawn is gone with the next look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise

from backend.accounts.actors import Actor
from backend.people.models import Consent
from backend.people.queries import consents_in_force


class Sign(StrEnum):
    """What a fact says of how somebody is."""

    GOOD = "good"
    """Somebody saw them, or they said so themselves."""
    PLAIN = "plain"
    """Says nothing of it: what is planned, what is not measured."""
    UNKNOWN = "unknown"
    """Something that should have been known is not: no movement where sensors are."""
    CONCERN = "concern"
    """The family should know, with what is being done about it."""


@dataclass(frozen=True)
class Fact:
    """One small fact of a day: a whole short sentence, and when it was or will be."""

    text: str
    sign: Sign = Sign.PLAIN
    at: datetime | None = None


@dataclass(frozen=True)
class Source:
    """A package's fact: under which consent, whom the access table lets see it, and who answers."""

    name: str
    label: str | Promise
    resource: str
    action: str
    consent: Consent.Item | None
    """What must be shared; None for what a contact is told anyway."""
    ask: Callable[[UUID, datetime], Fact | None]
    """From a resident and now, in the reader's language; None where there is nothing to say."""
    order: int


@dataclass(frozen=True)
class Shown:
    """A fact as one reader sees it."""

    name: str
    label: str | Promise
    is_shared: bool
    fact: Fact | None


_sources: dict[str, Source] = {}


def register_fact(source: Source) -> None:
    """Add a fact to the day at a glance; smaller orders stand first.

    Raises:
        ValueError: another source has the name.
    """
    if _sources.setdefault(source.name, source) != source:
        raise ValueError(f"two facts named {source.name}")


def facts_for(actor: Actor, resident_id: UUID, *, now: datetime) -> list[Shown]:
    """A resident's day for one of their contacts; nothing for anybody else."""
    if resident_id not in actor.household_resident_ids:
        return []
    shared = consents_in_force(resident_id)
    return [
        shown
        for source in sorted(_sources.values(), key=lambda each: (each.order, each.name))
        if actor.scope(source.resource, source.action) is not None
        and (shown := _shown(source, resident_id, shared, now)) is not None
    ]


def _shown(
    source: Source, resident_id: UUID, shared: frozenset[str], now: datetime
) -> Shown | None:
    if source.consent is not None and source.consent not in shared:
        return Shown(source.name, source.label, is_shared=False, fact=None)
    fact = source.ask(resident_id, now)
    return Shown(source.name, source.label, is_shared=True, fact=fact) if fact else None
