"""The port of signs of life: what packages above know of somebody who was not asked.

A press of a device, movement at home: devices register what they saw. It spares a question; it
closes nothing that already waits for a person.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Q

from backend.core.contained import contained
from services.wellbeing.models import Way


@dataclass(frozen=True)
class Sign:
    """That somebody was about, when, and how it was seen."""

    at: datetime
    way: Way


SignsOf = Callable[[Collection[UUID], datetime], Mapping[UUID, Sign]]
"""From ids of residents and a moment to the newest sign of each since then; none left out is a
guess: a home with several people in it says nothing of one."""
WithDevice = Callable[[str], Q]
"""A condition on residents who have a device that works; from the way to them ("resident")."""

_signs: list[SignsOf] = []
_equipped: list[WithDevice] = []


def register_signs(signs_of: SignsOf) -> None:
    """Let a package say what it saw."""
    if signs_of not in _signs:
        _signs.append(signs_of)


def register_devices(with_device: WithDevice) -> None:
    """Let the package of devices say who has one that works."""
    if with_device not in _equipped:
        _equipped.append(with_device)


def signs_of(residents: Collection[UUID], since: datetime) -> dict[UUID, Sign]:
    """The newest sign of each resident since a moment, as far as there is one.

    A package that cannot answer saw nothing: then they are asked, and not left out.
    """
    newest: dict[UUID, Sign] = {}
    seen: list[Mapping[UUID, Sign]] = []
    for ask in _signs:
        contained("signs of life", partial(_see, seen, ask, residents, since))
    for signs in seen:
        for resident, sign in signs.items():
            if resident not in newest or newest[resident].at < sign.at:
                newest[resident] = sign
    return newest


def _see(
    seen: list[Mapping[UUID, Sign]], ask: SignsOf, residents: Collection[UUID], since: datetime
) -> None:
    seen.append(ask(residents, since))


def with_device(at: str) -> Q:
    """Residents who have a working device, as a condition; nobody where no package says so."""
    known = Q(pk__in=())
    for condition in _equipped:
        known |= condition(at)
    return known
