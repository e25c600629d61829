"""Everything about one call on one sheet: what an operator reads while it rings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from backend.accounts.actors import Actor
from backend.people.models import Caregiver, Contact, Household, Resident
from backend.people.queries import POSITION_FRESH, position_of
from backend.people.routes import has_route
from backend.places.models import Area
from backend.places.queries import paths_above
from services.emergencies.desk.board import Row
from services.emergencies.desk.people import Candidate, candidates_for
from services.emergencies.desk.search import found_residents
from services.emergencies.desk.timeline import Entry, timeline_of
from services.emergencies.desk.way import Way, way_of
from services.emergencies.desk.words import (
    PLACE_SOURCES,
    TARGETS,
    listed,
    living_words,
    script_for,
)
from services.emergencies.models import EmergencyCall, Note
from services.emergencies.policies import has_moved_away, shown_of_people
from services.emergencies.queries import calls_visible_to

Kind = EmergencyCall.Kind
State = EmergencyCall.State
EARLIER_SHOWN = 5
NEAREST_SHOWN = 4
STORY_SHOWN = 40
JUST_SPOKEN = timedelta(minutes=3)
"""So long "nobody answered" can be said about a call back."""
MAP_ZOOM = 15


class Step(StrEnum):
    """The one next thing to do with a call."""

    TAKE = "take"
    CALL_BACK = "call_back"
    ASK = "ask"
    WAIT = "wait"
    RESOLVE = "resolve"
    NONE = "none"


@dataclass(frozen=True)
class Sheet(Row):
    """One call for one operator."""

    actor: Actor
    now: datetime
    reads: frozenset[str]
    """Which fields of the people concerned this actor may see."""
    moved_away: bool = False
    """Whether only what happened is shown, and nothing of who they are now."""

    @property
    def reads_notes(self) -> bool:
        """Whether this actor reads what was written down, which may name health."""
        return "conditions" in shown_of_people(self.actor)

    @property
    def sensitive(self) -> bool:
        """Whether this actor may read numbers, and who of the staff goes."""
        return "phone" in self.reads

    @property
    def resident(self) -> Resident | None:
        """Who called, if known."""
        return self.call.resident

    @property
    def home(self) -> Household | None:
        """Where they live and how to get in."""
        resident = self.call.resident
        return self.call.household or (resident.household if resident else None)

    @property
    def phone(self) -> str:
        """The number to call back."""
        if self.resident:
            return self.resident.phone or self.resident.second_phone
        return self.call.claimed_phone

    @property
    def phone_reachable(self) -> bool:
        """Whether a provider can ring it."""
        return has_route(self.phone)

    @property
    def is_mine(self) -> bool:
        """Whether this operator looks after it."""
        return self.call.handled_by == self.actor.reference

    @property
    def must_be_seen_again(self) -> bool:
        """Whether it was pressed again, or lost its responder, since this operator took it."""
        return self.is_mine and self.rings

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.call.state != State.RESOLVED

    @property
    def may_act(self) -> bool:
        """Whether this actor works at the desk, or only looks."""
        return self.actor.scope("calls", "take") is not None

    @property
    def may_identify(self) -> bool:
        """Whether this actor may say whose call of nobody known it is."""
        may = self.actor.scope("calls", "identify") is not None
        return may and self.is_open and not self.call.verified

    @cached_property
    def likely(self) -> list[Resident]:
        """Residents to whom what the caller said of themself points, by number before name."""
        call = self.call
        said = (call.claimed_phone, call.claimed_name)
        return next(filter(None, (found_residents(self.actor, each) for each in said)), [])

    @cached_property
    def way(self) -> Way | None:
        """Whether the responder comes nearer."""
        return way_of(self.call, now=self.now)

    @property
    def is_wish(self) -> bool:
        """Whether it is no call for help."""
        return self.call.kind != Kind.EMERGENCY

    @property
    def next_step(self) -> Step:
        """The one obvious next thing to do."""
        return next_step(self.call, by=self.actor.reference, can_be_called=bool(self.phone))

    @property
    def may_say_no_answer(self) -> bool:
        """Whether a call back was noted a moment ago, so that it can be taken back."""
        spoken_at = self.call.spoken_at
        return self.is_open and spoken_at is not None and self.now - spoken_at < JUST_SPOKEN

    @property
    def outcomes(self) -> Sequence[tuple[str, str | Promise]]:
        """How a call can end, in the order of their keys."""
        return EmergencyCall.Outcome.choices

    @property
    def nobody_has_seen(self) -> bool:
        """Whether closing it now would close a call in which nobody spoke or arrived."""
        return self.call.spoken_at is None and self.call.arrived_at is None

    @property
    def living(self) -> str:
        """Living situation in words."""
        return living_words(self.resident.living) if self.resident else ""

    @property
    def place_source(self) -> str | Promise:
        """Where the position comes from."""
        return PLACE_SOURCES.get(self.call.place_source, "")

    @property
    def called_next(self) -> str:
        """Whom the ladder's next step calls; "" when none is waited for."""
        if self.call.state != State.RINGING:
            return ""
        steps = self.call.policy.get("steps", [])
        if not steps:
            return ""
        step = steps[self.call.step] if self.call.step < len(steps) else steps[0]
        return listed(TARGETS.get(each, each) for each in step["to"])

    @property
    def script(self) -> Sequence[str | Promise]:
        """What to say and ask."""
        return script_for(self.call)

    @cached_property
    def contacts(self) -> list[Contact]:
        """The resident's contacts in order."""
        return list(self.resident.contacts.all()) if self.resident else []

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Who could be there first."""
        return candidates_for(self.call, now=self.now)

    @property
    def nearest(self) -> list[Candidate]:
        """Those of them that are shown at once."""
        return self.candidates[:NEAREST_SHOWN]

    @property
    def others(self) -> list[Candidate]:
        """Those that are folded away."""
        return self.candidates[NEAREST_SHOWN:]

    @cached_property
    def notes(self) -> list[Note]:
        """What was written down, the newest first."""
        return list(self.call.notes.order_by("-at", "-pk"))

    @cached_property
    def timeline(self) -> list[Entry]:
        """The story so far."""
        return timeline_of(self.call)

    @property
    def story(self) -> list[Entry]:
        """The newest lines of the story, after what people did before."""
        acts = [each for each in self.timeline[:-STORY_SHOWN] if not each.by_itself]
        return acts + self.timeline[-STORY_SHOWN:]

    @property
    def story_before(self) -> list[Entry]:
        """What came by itself before them, folded away."""
        return [each for each in self.timeline[:-STORY_SHOWN] if each.by_itself]

    @property
    def latest(self) -> Entry | None:
        """The newest line of the story."""
        return self.timeline[-1] if self.timeline else None

    @cached_property
    def earlier(self) -> list[EmergencyCall]:
        """Earlier calls of the same resident."""
        if self.resident is None:
            return []
        calls = calls_visible_to(self.actor, "list").filter(resident=self.resident)
        return list(calls.exclude(pk=self.call.pk).order_by("-opened_at")[:EARLIER_SHOWN])

    @property
    def map(self) -> dict[str, Any] | None:
        """What the map shows, for `web/js/map.js`; None without a position."""
        call = self.call
        if call.place_lat is None or call.place_lon is None:
            return None
        here = {
            "id": "call",
            "lat": call.place_lat,
            "lon": call.place_lon,
            "kind": "call",
            "name": self.name,
        }
        caregivers = {offer.caregiver.pk: offer.caregiver for offer in self._caregiver_offers()}
        if call.accepted_by_caregiver:
            caregivers[call.accepted_by_caregiver.pk] = call.accepted_by_caregiver
        marks = [mark for each in caregivers.values() if (mark := self._mark(each))]
        return {
            "center": [call.place_lat, call.place_lon],
            "zoom": MAP_ZOOM,
            "areas": _outlines(call.area_path),
            "marks": [*marks, here],
        }

    def _mark(self, caregiver: Caregiver) -> dict[str, Any] | None:
        """Where a caregiver is, or their office while they do not say."""
        at = position_of(caregiver, now=self.now)
        if at is None:
            return None
        goes = caregiver.pk == self.call.accepted_by_caregiver_id
        known = caregiver.last_position_at
        is_fresh = known is not None and self.now - known < POSITION_FRESH
        name = caregiver.name if self.sensitive else gettext("caregiver")
        return {
            "id": str(caregiver.pk),
            "lat": at.lat,
            "lon": at.lon,
            "kind": "going" if goes else "person",
            "name": name if is_fresh else gettext("%(name)s, at the office") % {"name": name},
        }

    def _caregiver_offers(self) -> Any:
        return self.call.offers.exclude(caregiver=None).select_related("caregiver__area")


def sheet_for(call: EmergencyCall, actor: Actor, *, now: datetime, today: date) -> Sheet:
    """The sheet of a call as this actor may read it."""
    moved_away = has_moved_away(call, actor)
    return Sheet(
        call=call,
        today=today,
        actor=actor,
        now=now,
        reads=frozenset() if moved_away else shown_of_people(actor),
        moved_away=moved_away,
    )


def next_step(call: EmergencyCall, *, by: str, can_be_called: bool) -> Step:
    """The one obvious next thing: take, call back, find somebody, wait, close."""
    match call.state:
        case State.RESOLVED:
            return Step.NONE
        case State.ARRIVED:
            return Step.RESOLVE
        case State.ACCEPTED | State.ON_THE_WAY if call.handled_by and not call.duty_due_at:
            return Step.WAIT
    if call.handled_by != by or call.duty_due_at is not None:
        return Step.TAKE
    if call.spoken_at is None and can_be_called:
        return Step.CALL_BACK
    return Step.RESOLVE if call.kind != Kind.EMERGENCY else Step.ASK


def _outlines(area_path: str) -> list[list[list[float]]]:
    """Outlines of the two smallest areas around the call, [lat, lon] as Leaflet wants them."""
    areas = Area.objects.filter(path__in=paths_above(area_path)[-2:]).exclude(polygon=None)
    return [[[lat, lon] for lon, lat in area.polygon[0]] for area in areas if area.polygon]
