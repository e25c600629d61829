"""The port of panels: a page that shows several domains is composed of their addresses.

A package registers a panel for a place; the page of that place names nobody and fetches each
panel its reader may see (`{% panels "resident" resident.pk %}`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from backend.accounts.actors import Actor


class Place(StrEnum):
    """Where panels can stand; what their address takes."""

    RESIDENT = "resident"
    """The desk's page of one resident: takes `resident_id`."""
    CALL = "call"
    """The desk's sheet of a call: takes `resident_id`."""
    ELDER = "elder"
    """The resident's own page, above the buttons: takes nothing."""
    ELDER_BELOW = "elder-below"
    """The resident's own page, below the buttons: takes nothing."""
    FAMILY = "family"
    """One relative's card on the family's page: takes `resident_id`."""
    SHARING = "sharing"
    """The page of what a resident shares with whom, below the contacts: takes `resident_id`."""
    CARE = "care"
    """The caregiver's page, below the calls: takes nothing."""


TAKES_NOTHING = frozenset({Place.ELDER, Place.ELDER_BELOW, Place.CARE})


@dataclass(frozen=True)
class Panel:
    """A part of a page: its address by name, whom the access table lets see it, and its place."""

    url: str
    resource: str
    action: str
    order: int


_panels: dict[Place, list[Panel]] = {place: [] for place in Place}


def register(place: Place, panel: Panel) -> None:
    """Add a panel to a place; smaller orders stand first."""
    if panel not in _panels[place]:
        _panels[place].append(panel)
        _panels[place].sort(key=lambda each: (each.order, each.url))


def registered(place: Place) -> tuple[Panel, ...]:
    """The panels of a place, for whoever may see them."""
    return tuple(_panels[place])


def addresses(place: Place, actor: "Actor", *arguments: object) -> list[str]:
    """Where the panels of a place are fetched that this reader may see."""
    return [
        reverse(panel.url, args=arguments)
        for panel in _panels[place]
        if actor.scope(panel.resource, panel.action) is not None
    ]
