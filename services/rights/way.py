"""Where a request is, in plain words, like a parcel on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.rights.models import PreparedCopy, RightsRequest
from services.rights.policies import NOT_PREPARED

Kind, State = RightsRequest.Kind, RightsRequest.State

_STATIONS: Sequence[tuple[str, str | Promise]] = (
    ("received", _("Asked")),
    ("assigned", _("Somebody looks at it")),
    ("done", pgettext_lazy("a request", "Done")),
)
_SENTENCES: Mapping[str, str | Promise] = {
    State.OPEN: _("We have it, and look at it."),
    State.APPROVED: _("It was approved. A second person looks once more, then it is done."),
    State.PREPARING: _("It was approved. Your copy is being prepared."),
    State.DONE: _("It is done."),
    State.REFUSED: _("We cannot do this. Why:"),
    State.WITHDRAWN: _("You took it back."),
}
EVENT_WORDS: Mapping[str, str | Promise] = {
    "received": _("asked"),
    "assigned": _("somebody looks after it"),
    "approved": _("approved, waits for a second person"),
    "preparing": _("approved, being prepared"),
    NOT_PREPARED: _("the copy could not be prepared; it is tried again"),
    "corrected": _("put right"),
    "done": _("done"),
    "refused": _("refused"),
    "withdrawn": _("taken back"),
    "overdue": _("overdue"),
    "thawed": _("used again"),
}
BUTTONS: Sequence[tuple[str, str | Promise, str | Promise]] = (
    (Kind.COPY, _("I want a copy of my data"), _("Everything we keep about you, as a file")),
    (Kind.FREEZE, _("Use my data no more"), _("Kept, but used only when you need help")),
    (Kind.DELETE, _("Delete my data"), _("Care by us ends with it")),
)


@dataclass(frozen=True)
class Station:
    """One station: reached at a time, or ahead."""

    word: str | Promise
    at: datetime | None


@dataclass(frozen=True)
class Way:
    """A request for whoever waits for it."""

    request: RightsRequest
    sentence: str | Promise
    stations: Sequence[Station]
    copies: Sequence[PreparedCopy]

    @property
    def may_withdraw(self) -> bool:
        """Whether it can still be taken back."""
        return self.request.state in RightsRequest.LIVE


def way_of(request: RightsRequest, *, now: datetime) -> Way:
    """Where a request is."""
    reached = {event.event: event.at for event in request.events.all()}
    if request.closed_at and request.state == State.DONE:
        reached.setdefault("assigned", request.decided_at or request.closed_at)
    stations = [Station(word, reached.get(event)) for event, word in _STATIONS]
    copies = list(request.copies.filter(expires_at__gt=now).order_by("-form"))
    return Way(request, _SENTENCES[request.state], stations, copies)
