"""The port of holdings: what each app keeps of a person, how it is given out, what becomes of it.

An app says it in a module `holdings`: `HOLDINGS` for its models, `NOT_ABOUT` for models that lead
to a person and are not about them, `RETENTION` for how long it keeps what, `BLOCKERS` for what must
be over before somebody can be deleted. A test walks every model and fails where one says nothing.

Source: Personal Information Protection Law, articles 19 (no longer than needed), 45 (copy),
47 (deletion).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

NOTHING = Q(pk__in=())
THREE_YEARS = timedelta(days=3 * 365)
FIVE_YEARS = timedelta(days=5 * 365)


class Ending(StrEnum):
    """What becomes of rows when their person is deleted."""

    ERASED = "erased"
    """The rows are gone."""
    EMPTIED = "emptied"
    """The rows stay, for counting and for others' work; what says who and what is taken out."""
    KEPT = "kept"
    """A law obliges us to keep them: locked away until its time is over, then emptied."""


@dataclass(frozen=True)
class Law:
    """Why rows are kept although their person is deleted, and how long after the deletion."""

    source: str
    kept_for: timedelta


CLAIMS = Law("Civil Code, article 188: three years to claim", THREE_YEARS)
DECISIONS = Law("Administrative Litigation Law, article 46: five years to sue", FIVE_YEARS)


@dataclass(frozen=True)
class Holding:
    """What is kept of a person in one model.

    `paths` lead from the model to the resident ("visit__resident"), those of `of_home` to their
    home, which others may live in too; `named` says that a path holds a reference such as
    "resident:<uuid>" instead of a key.
    """

    model: str
    label: str | Promise
    paths: tuple[str, ...]
    ending: Ending
    of_home: tuple[str, ...] = ()
    named: bool = False
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Fields that are not given out, each with its reason."""
    shown: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    """How fields are given out that are others' data too."""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the fields afterwards; of kept rows, once their time is over."""
    law: Law | None = None
    order: int = 50
    """Smaller ones are erased first: what others point at comes late."""

    def __post_init__(self) -> None:
        """Rows are kept only by a law."""
        if (self.ending is Ending.KEPT) != (self.law is not None):
            raise ValueError(f"{self.model}: kept rows, and no others, name their law")

    @property
    def model_class(self) -> type[Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def section(self) -> str:
        """Its place in a copy: "people.contact"."""
        return self.model.lower()

    def rows_of(self, resident_id: UUID, *, with_home: bool = True) -> QuerySet[Any]:
        """What is kept of one resident; `with_home`: also what belongs to their home."""
        value = f"resident:{resident_id}" if self.named else resident_id
        wanted = reduce(or_, (Q(**{path: value}) for path in self.paths), NOTHING)
        if with_home:
            home = apps.get_model("people.Household")._default_manager.filter(residents=resident_id)
            wanted = reduce(or_, (Q(**{f"{path}__in": home}) for path in self.of_home), wanted)
        return self.model_class._default_manager.filter(wanted)


@dataclass(frozen=True)
class Retention:
    """How long one kind of record is kept, and what that rests on."""

    kind: str
    """Its name in the setting RETENTION."""
    label: str | Promise
    model: str
    since: str
    """The field that says from when its time counts."""
    days: int
    source: str
    at_least_days: int = 0
    """What a law obliges us to; the setting cannot go below."""
    where: Q | None = None
    emptied: Mapping[str, Any] | None = None
    """What is taken out of the rows; None: the rows are deleted."""
    path: str = ""
    """The way to the resident, whose legal hold keeps it longer; "" for nobody's."""
    task: str = ""
    """The task that forgets it, where that is not the common one."""


@dataclass(frozen=True)
class Blocker:
    """Something that must be over before a person can be deleted."""

    name: str
    reason: str | Promise
    """In plain words, for whoever asked."""
    stands: Callable[[UUID, datetime], bool]


@cache
def _declared(name: str) -> tuple[Any, ...]:
    found: list[Any] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "holdings"):
            found.extend(getattr(import_module(f"{config.name}.holdings"), name, ()))
    return tuple(found)


def holdings() -> tuple[Holding, ...]:
    """What all apps keep of people, in the order in which it is given out."""
    return _declared("HOLDINGS")


def not_about() -> dict[str, str]:
    """Models that lead to a person and hold nothing about them: label and reason."""
    return dict(_declared("NOT_ABOUT"))


def retentions() -> tuple[Retention, ...]:
    """How long all apps keep what."""
    return _declared("RETENTION")


def blockers(resident_id: UUID, *, now: datetime) -> Iterator[Blocker]:
    """What stands against the deletion of a person."""
    for blocker in _declared("BLOCKERS"):
        if blocker.stands(resident_id, now):
            yield blocker
