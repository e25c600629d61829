"""Whether somebody who is going comes nearer, as far as their telephone tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from backend.people.models import Caregiver
from backend.people.queries import POSITION_FRESH
from backend.places import geo
from services.emergencies.desk.words import distance_words
from services.emergencies.models import EmergencyCall

State = EmergencyCall.State

STALE_AFTER = timedelta(minutes=3)
"""Our choice: telephones tell their position every minute, so three in a row did not come."""
STILL_AFTER = timedelta(minutes=3)
"""As long as a responder may take to set out (DESIGN, invariant 4)."""
CLOSE_BY_M = 100
"""Our choice: so near they look for the door, and stand still for good reason."""


@dataclass(frozen=True)
class Way:
    """What is known of the way of somebody who is going."""

    text: str
    worries: bool = False
    """Whether the operator had better ring them."""


def way_of(call: EmergencyCall, *, now: datetime) -> Way | None:
    """How the responder's way looks; None when nobody with a telephone of ours is going."""
    caregiver = call.accepted_by_caregiver
    if caregiver is None or call.state not in {State.ACCEPTED, State.ON_THE_WAY}:
        return None
    at = caregiver.last_position_at
    if at is None or now - at >= POSITION_FRESH:
        return Way(gettext("does not tell where they are"))
    if now - at >= STALE_AFTER:
        return Way(_old(now - at), worries=True)
    return _told(caregiver, call, now)


def _told(caregiver: Caregiver, call: EmergencyCall, now: datetime) -> Way | None:
    distance_m = _distance_m(caregiver, call)
    if distance_m is not None and distance_m < CLOSE_BY_M:
        return Way(gettext("close by"))
    still_for = now - _still_since(caregiver, call, now)
    if still_for >= STILL_AFTER:
        return Way(_still(still_for), worries=True)
    if distance_m is None:
        return None
    return Way(gettext("%(distance)s away") % {"distance": distance_words(distance_m)})


def _old(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return ngettext(
        "Position of %(minutes)s minute ago, nothing since.",
        "Position of %(minutes)s minutes ago, nothing since.",
        minutes,
    ) % {"minutes": minutes}


def _still(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return ngettext(
        "Has not moved for %(minutes)s minute.", "Has not moved for %(minutes)s minutes.", minutes
    ) % {"minutes": minutes}


def _still_since(caregiver: Caregiver, call: EmergencyCall, now: datetime) -> datetime:
    """Since when they have not moved although they were going."""
    if caregiver.still_since is None or call.accepted_at is None:
        return now
    return max(caregiver.still_since, call.accepted_at)


def _distance_m(caregiver: Caregiver, call: EmergencyCall) -> float | None:
    lat, lon = caregiver.last_lat, caregiver.last_lon
    if lat is None or lon is None or call.place_lat is None or call.place_lon is None:
        return None
    return geo.distance_m(lat, lon, call.place_lat, call.place_lon)
