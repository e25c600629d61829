"""Where an order is, in plain words, like a parcel on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.community.models import Order, OrderEvent, Service

State = Order.State

_BACK_TO_BEGIN = frozenset({"given_back", "taken_up_again"})
_STATIONS: Sequence[tuple[str, str | Promise]] = (
    ("ordered", _("Ordered")),
    ("taken", pgettext_lazy("an order", "Taken")),
    ("on_the_way", _("On the way")),
    ("done", _("Done")),
)
_STATIONS_OF_CALL: Sequence[tuple[str, str | Promise]] = (
    ("ordered", _("Asked for")),
    ("taken", _("An operator has it")),
    ("done", _("Rung back")),
)
_SENTENCES: dict[str, str | Promise] = {
    State.ORDERED: _("We have it, and ask somebody to do it."),
    State.PASSED_ON: _("%(who)s was asked. We wait for the answer."),
    State.TAKEN: _("%(who)s does it."),
    State.ON_THE_WAY: _("%(who)s is on the way to you."),
    State.DONE: _("It is done."),
    State.CANCELLED: _("It was cancelled."),
}
_BY_US: dict[str, str | Promise] = {
    State.PASSED_ON: _("We are looking for who of us can come."),
    State.TAKEN: _("Somebody of ours comes."),
    State.ON_THE_WAY: _("Somebody of ours is with you."),
}
_BY_CALL: dict[str, str | Promise] = {
    State.PASSED_ON: _("An operator rings you back. Please stay near the telephone."),
    State.TAKEN: _("%(who)s has it, and rings you back."),
}

EVENT_WORDS: dict[str, str | Promise] = {
    "ordered": _("ordered"),
    "passed_on": _("passed on"),
    "taken": _("taken"),
    "on_the_way": _("on the way"),
    "done": _("done"),
    "given_back": _("given back"),
    "cancelled": _("cancelled"),
    "rated": _("rated"),
    "overdue": _("overdue"),
    "taken_up_again": _("taken up again"),
}


@dataclass(frozen=True)
class Station:
    """One station of the way: reached at a time by somebody, or still ahead."""

    word: str | Promise
    at: datetime | None
    who: str


@dataclass(frozen=True)
class Way:
    """An order for whoever waits for it."""

    order: Order
    sentence: str
    stations: list[Station]


def way_of(order: Order) -> Way:
    """Where an order is."""
    reached: dict[str, OrderEvent] = {}
    for line in order.events.all():
        if line.event in _BACK_TO_BEGIN:
            reached = {name: each for name, each in reached.items() if name == "ordered"}
        reached[line.event] = line
    is_call = order.service.fulfilment == Service.Fulfilment.CALLBACK
    named = _STATIONS_OF_CALL if is_call else _STATIONS
    stations = _without_gaps([_station(word, reached.get(event)) for event, word in named])
    return Way(order, _sentence(order, reached), stations)


def _without_gaps(stations: list[Station]) -> list[Station]:
    """Leave out what nobody said on the way to a station that was reached."""
    last = max((n for n, station in enumerate(stations) if station.at), default=-1)
    return [station for n, station in enumerate(stations) if station.at or n > last]


def _station(word: str | Promise, line: OrderEvent | None) -> Station:
    return Station(word, line.at if line else None, line.by_name if line else "")


def _sentence(order: Order, reached: dict[str, OrderEvent]) -> str:
    who = order.provider.name if order.provider else ""
    words: dict[str, str | Promise] = {}
    if order.visit_id:
        words = _BY_US
    elif order.call_id:
        words = _BY_CALL
        who = reached["taken"].by_name if "taken" in reached else ""
    return str(words.get(order.state, _SENTENCES[order.state])) % {"who": who}
