"""What a caregiver has before them: the call they go to, and those that ask for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from backend.accounts.actors import Actor
from backend.core.errors import NotFound
from backend.people.models import Caregiver, Contact, Household
from backend.people.queries import minutes_for, position_of
from backend.places import geo
from backend.places.datum import Position, wgs84_to_gcj02
from services.alerts.models import Alert
from services.alerts.queries import alerts_of_caregiver
from services.emergencies.desk.words import METRICS, distance_words
from services.emergencies.models import EmergencyCall, Offer
from services.emergencies.policies import danger_of
from services.emergencies.queries import calls_visible_to

State = EmergencyCall.State

OVER_SHOWN = timedelta(hours=12)
"""A shift: what one did in it stays at the end of the page."""
AMAP = "https://uri.amap.com/navigation"
"""Source: Amap's published URI scheme (lbs.amap.com/api/uri-api); longitude first, GCJ-02."""


def way_link(lat: float | None, lon: float | None, name: str) -> str:
    """The way to a place by electric bicycle in Amap; "" where its position is unknown."""
    if lat is None or lon is None:
        return ""
    there = wgs84_to_gcj02(lat, lon)
    to = f"{there.lon:.6f},{there.lat:.6f},{name}"
    asked = {"to": to, "mode": "ride", "coordinate": "gaode", "callnative": "1"}
    return f"{AMAP}?{urlencode(asked)}"


@dataclass(frozen=True)
class RoundCall:
    """A call as one caregiver sees it."""

    call: EmergencyCall
    offer: Offer | None
    is_mine: bool
    distance_m: float | None

    @property
    def minutes(self) -> int | None:
        """How long they would need to the door."""
        if self.offer is not None and self.offer.minutes_to_door is not None:
            return self.offer.minutes_to_door
        return None if self.distance_m is None else minutes_for(self.distance_m)

    @property
    def what(self) -> str:
        """What called."""
        return str(METRICS.get(self.call.source_metric, self.call.source_metric))

    @property
    def distance(self) -> str:
        """How far it is as the crow flies."""
        return "" if self.distance_m is None else distance_words(self.distance_m)

    @property
    def home(self) -> Household | None:
        """Where they live and how to get in."""
        resident = self.call.resident
        return self.call.household or (resident.household if resident else None)

    @property
    def contacts(self) -> list[Contact]:
        """Their people, who may have a key."""
        return list(self.call.resident.contacts.all()) if self.call.resident else []

    @property
    def is_refused(self) -> bool:
        """Whether they said that they cannot go, or would need too long."""
        return self.offer is not None and bool(self.offer.answer)

    @property
    def place(self) -> str:
        """The part of the town, all that is told before they go."""
        area = self.call.area
        if area is None:
            return ""
        if area.parent is None or area.name.startswith(area.parent.name):
            return area.name
        return gettext("%(part)s, %(area)s") % {"part": area.parent.name, "area": area.name}

    @property
    def health(self) -> str:
        """What to know of their health, in one line."""
        resident = self.call.resident
        if resident is None:
            return ""
        allergies = {"allergies": resident.allergies}
        known = [
            resident.get_mobility_display(),
            resident.conditions,
            gettext("allergic to %(allergies)s") % allergies if resident.allergies else "",
        ]
        return " · ".join(str(each) for each in known if each)

    @property
    def map_link(self) -> str:
        """To the map app of the telephone; WGS-84, as `geo:` is defined. Source: RFC 5870."""
        return f"geo:{self.call.place_lat},{self.call.place_lon}"

    @property
    def amap_link(self) -> str:
        """The way there by electric bicycle in Amap."""
        return way_link(self.call.place_lat, self.call.place_lon, self.call.place_text)


@dataclass(frozen=True)
class Round:
    """A caregiver's calls: their own, those that ring, those others go to, and what is over.

    Below them the alerts that they were given.
    """

    mine: tuple[RoundCall, ...]
    ringing: tuple[RoundCall, ...]
    others: tuple[RoundCall, ...]
    over: tuple[RoundCall, ...]
    alerts: tuple[Alert, ...]


def round_of(actor: Actor, *, now: datetime) -> Round:
    """The calls of a caregiver: danger first, and the newest first within it."""
    caregiver = caregiver_of(actor)
    seen = _seen(actor, caregiver, now=now)
    running = [each for each in seen if each.call.state != State.RESOLVED]
    return Round(
        mine=tuple(each for each in running if each.is_mine),
        ringing=tuple(each for each in running if each.call.state == State.RINGING),
        others=tuple(
            each
            for each in running
            if each.offer and not each.is_mine and each.call.state != State.RINGING
        ),
        over=tuple(each for each in seen if each.is_mine and each.call.state == State.RESOLVED),
        alerts=tuple(alerts_of_caregiver(caregiver.pk)),
    )


def caregiver_of(actor: Actor) -> Caregiver:
    """The caregiver who asks.

    Raises:
        NotFound: the account belongs to none.
    """
    if actor.caregiver_id is None:
        raise NotFound
    return Caregiver.objects.select_related("area").get(pk=actor.caregiver_id)


def _seen(actor: Actor, caregiver: Caregiver, *, now: datetime) -> list[RoundCall]:
    lately = ~Q(state=State.RESOLVED) | Q(
        accepted_by_caregiver=caregiver, resolved_at__gt=now - OVER_SHOWN
    )
    calls = list(
        calls_visible_to(actor, "list")
        .filter(lately)
        .select_related("area__parent", "resident__household__address")
    )
    offers = _offers(caregiver.pk, calls)
    here = position_of(caregiver, now=now)
    seen = [
        RoundCall(
            call=call,
            offer=offers.get(call.pk),
            is_mine=call.accepted_by_caregiver_id == caregiver.pk,
            distance_m=_distance_m(here, call),
        )
        for call in calls
    ]
    newest_first = sorted(seen, key=lambda each: each.call.opened_at, reverse=True)
    return sorted(newest_first, key=lambda each: (each.is_refused, danger_of(each.call)))


def _offers(caregiver_id: UUID, calls: Iterable[EmergencyCall]) -> dict[UUID, Offer]:
    offers = Offer.objects.filter(caregiver=caregiver_id, call__in=calls)
    return {offer.call_id: offer for offer in offers}


def _distance_m(here: Position | None, call: EmergencyCall) -> float | None:
    if here is None or call.place_lat is None or call.place_lon is None:
        return None
    return geo.distance_m(*here, call.place_lat, call.place_lon)
