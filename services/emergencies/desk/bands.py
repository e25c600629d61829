"""What the desk must be told about itself: nobody else is there, calls go out late, no line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from backend.accounts.actors import Actor
from backend.core.models import ClockWatch
from backend.places.queries import paths_above
from backend.runtime import health
from notifications import routes
from notifications.models import Delivery
from notifications.queries import senders_down
from services.emergencies.models import ConsolePresence, EmergencyCall
from services.emergencies.policies import CLOSE_WITHIN, UNWATCHED_AFTER
from services.emergencies.queries import open_calls


@dataclass(frozen=True)
class Band:
    """One line across the screen."""

    code: str
    text: str
    strong: bool = False
    url_name: str = ""


@dataclass(frozen=True)
class Bands:
    """What is said across the screen."""

    strong: list[Band]
    quiet: list[Band]


def bands_for(actor: Actor, *, now: datetime) -> Bands:
    """The bands that hold now."""
    state = health.readiness()
    bands = [
        *_lateness(state),
        *_clocks(state),
        *_no_sender(),
        *_unreachable(actor),
        *_unclosed(actor, now),
        *_alone(actor, now),
    ]
    return Bands(
        strong=[band for band in bands if band.strong],
        quiet=[band for band in bands if not band.strong],
    )


def _clocks(state: Mapping[str, Any]) -> Iterator[Band]:
    """The clock by which everything is due is wrong."""
    by = {"seconds": state.get("clock_wrong_by_s", 0)}
    match state.get("clock_wrong"):
        case ClockWatch.Reason.BACK:
            yield Band(
                "clock",
                gettext(
                    "The database's clock was set back: people are rung up to %(seconds)s seconds "
                    "late. Please ring by hand, and call whoever looks after the machines."
                )
                % by,
                strong=True,
            )
        case ClockWatch.Reason.APART:
            yield Band(
                "clock",
                gettext(
                    "Two clocks are %(seconds)s seconds apart, so times and waits may be wrong. "
                    "Please call whoever looks after the machines."
                )
                % by,
                strong=True,
            )


def _lateness(state: Mapping[str, Any]) -> Iterator[Band]:
    """Calls to people go out late, or the queue for everything else stands still."""
    seconds = max(state.get("lateness_s", {}).values(), default=0)
    if not state.get("on_time", True):
        yield Band(
            "late",
            gettext("Calls to people go out %(seconds)s seconds late. Please ring by hand.")
            % {"seconds": round(seconds)},
            strong=True,
        )
    if not state["valkey"]:
        yield Band(
            "valkey",
            gettext("Reminders and planning stand still. Calls for help go on as always."),
        )


def _no_sender() -> Iterator[Band]:
    down = {health.sender for health in senders_down()}
    able = [sender for sender in routes.senders() if sender.name not in down]
    if not able:
        yield Band(
            "no_sender",
            gettext("No telephone provider works. Nobody is rung by us: please ring by hand."),
            strong=True,
        )
    elif down:
        yield Band("sender_down", gettext("One telephone provider is down; another is used."))


def _unreachable(actor: Actor) -> Iterator[Band]:
    """People of running calls whom no provider can ring."""
    causes = [f"call:{pk}" for pk in open_calls(actor).values_list("pk", flat=True)]
    people = (
        Delivery.objects.filter(cause__in=causes, state=Delivery.State.FAILED, failure="no_route")
        .values("person")
        .distinct()
        .count()
    )
    if people:
        yield Band(
            "no_route",
            ngettext(
                "%(count)d person of a running call cannot be rung by us. Please ring by hand.",
                "%(count)d people of running calls cannot be rung by us. Please ring by hand.",
                people,
            )
            % {"count": people},
            url_name="desk_unreachable",
        )


def _unclosed(actor: Actor, now: datetime) -> Iterator[Band]:
    """Calls in which somebody arrived long ago, and which nobody has closed."""
    there = open_calls(actor).filter(state=EmergencyCall.State.ARRIVED)
    count = there.filter(arrived_at__lte=now - CLOSE_WITHIN).count()
    if count:
        yield Band(
            "unclosed",
            ngettext(
                "%(count)d call: somebody arrived over an hour ago, and nobody has closed it.",
                "%(count)d calls: somebody arrived over an hour ago, and nobody has closed them.",
                count,
            )
            % {"count": count},
        )


def _alone(actor: Actor, now: datetime) -> Iterator[Band]:
    others = (
        ConsolePresence.objects.filter(
            area_path__in=paths_above(actor.area_path), seen_at__gt=now - UNWATCHED_AFTER
        )
        .exclude(user=actor.reference)
        .exists()
    )
    if not others:
        yield Band(
            "alone",
            gettext("Nobody else is watching this board. If you leave, the duty phones ring."),
        )
