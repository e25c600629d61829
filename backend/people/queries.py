"""People: who is on duty, who is near, whose number is this, what was consented to."""

import logging
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from heapq import nsmallest
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from backend.core.crypto import Unreadable
from backend.people import phones
from backend.people.models import (
    Caregiver,
    Consent,
    Contact,
    Guardianship,
    Household,
    Resident,
    Shift,
)
from backend.places import geo
from backend.places.datum import Position
from backend.places.queries import office_of, offices_of

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)

RESPONDERS = (Caregiver.Kind.CAREGIVER, Caregiver.Kind.NURSE)
"""Who is sent to a home; grid workers and duty leads are asked by name."""

POSITION_FRESH = timedelta(minutes=30)
"""An older position says less than where the caregiver's office is."""
WAY_OVER_CROW = 1.4
"""Streets over the straight line; cities measure 1.3 on average, one lift and one gate more.
Source: Giacomin and Levinson 2015, "Road network circuity in metropolitan areas"."""
EBIKE_M_PER_MIN = 15_000 / 60
"""15 km/h, the limit on cycle lanes. Source: Road Traffic Safety Law, article 58."""
STARTING_MIN = 2
"""From the telephone to the saddle."""


def caregivers_on_shift(
    *, area_path: str, now: datetime, kinds: tuple[str, ...] = RESPONDERS
) -> QuerySet[Caregiver]:
    """Active caregivers of these kinds in the subtree who are on duty now."""
    on_duty = Shift.objects.filter(caregiver=OuterRef("pk"), starts_at__lte=now, ends_at__gt=now)
    return (
        Caregiver.objects.filter(
            Exists(on_duty), active=True, kind__in=kinds, area__path__startswith=area_path
        )
        .select_related("area")
        .order_by("name", "pk")
    )


@dataclass(frozen=True)
class Nearby:
    """A caregiver with how far and how long it is to the place."""

    caregiver: Caregiver
    distance_m: float
    minutes: int


def nearest_caregivers(
    *, lat: float, lon: float, area_path: str, now: datetime, limit: int
) -> list[Nearby]:
    """Those on shift in the subtree who could be there first.

    Everybody is compared on a flat map, which tells a district's distances to a part in
    thousands; only who is nearest there is loaded and measured.
    """
    starts = _starts(caregivers_on_shift(area_path=area_path, now=now), now)
    flat_m = partial(geo.flat_distance_m, lat, lon)
    nearest = nsmallest(limit, starts, key=lambda pk: (flat_m(*starts[pk]), pk))
    found = Caregiver.objects.select_related("area").in_bulk(nearest)
    distances_m = {pk: geo.distance_m(*starts[pk], lat, lon) for pk in found}
    near = [Nearby(found[pk], far, minutes_for(far)) for pk, far in distances_m.items()]
    return sorted(near, key=lambda each: (each.distance_m, each.caregiver.pk))


def _starts(caregivers: QuerySet[Caregiver], now: datetime) -> dict[UUID, Position]:
    """Where each of them starts from, as `position_of` says; who starts nowhere is left out."""
    starts: dict[UUID, Position] = {}
    elsewhere: dict[UUID, int] = {}
    for pk, at, lat, lon, area in caregivers.order_by().values_list(
        "pk", "last_position_at", "last_lat", "last_lon", "area_id"
    ):
        own = _fresh_position(at, lat, lon, now=now)
        if own is not None:
            starts[pk] = own
        else:
            elsewhere[pk] = area
    offices = offices_of(set(elsewhere.values()))
    return starts | {pk: offices[area] for pk, area in elsewhere.items() if area in offices}


def position_of(caregiver: Caregiver, *, now: datetime) -> Position | None:
    """Where somebody starts from: their own fresh position, else their area's office."""
    own = _fresh_position(
        caregiver.last_position_at, caregiver.last_lat, caregiver.last_lon, now=now
    )
    return own or office_of(caregiver.area)


def _fresh_position(
    at: datetime | None, lat: float | None, lon: float | None, *, now: datetime
) -> Position | None:
    if at is None or lat is None or lon is None or now - at >= POSITION_FRESH:
        return None
    return Position(lat, lon)


def minutes_for(distance_m: float) -> int:
    """Minutes to the door by electric bicycle, rounded up."""
    return math.ceil(distance_m * WAY_OVER_CROW / EBIKE_M_PER_MIN + STARTING_MIN)


def resident_by_phone(phone: str) -> Resident | None:
    """Whose number this is; of several who share it the eldest, nobody who moved or died.

    Nobody whose record cannot be read: whoever calls is a stranger then, and gets through.
    """
    index = phones.index_as_given(phone)
    if not index:
        return None
    gone = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
    found = (
        Resident.objects.filter(Q(phone_index=index) | Q(second_phone_index=index))
        .exclude(life_state__in=gone)
        .select_related("area", "household__address")
        .order_by(F("birth_date").asc(nulls_last=True), "pk")
    )
    return _readable(found)


def _readable(found: QuerySet[Row]) -> Row | None:
    try:
        return found.first()
    except Unreadable:
        logger.error("the record of a caller cannot be read")
        return None


def contacts_by_phone(phone: str) -> QuerySet[Contact]:
    """All entries with this number; one person can be the contact of several residents."""
    index = phones.index_as_given(phone)
    found = Contact.objects.filter(phone_index=index).select_related("resident__area")
    return found if index else found.none()


def contact_by_phone(phone: str) -> Contact | None:
    """The first entry with this number."""
    return _readable(contacts_by_phone(phone).order_by("order", "pk"))


def caregiver_by_phone(phone: str) -> Caregiver | None:
    """The active caregiver with this number."""
    index = phones.index_as_given(phone)
    if not index:
        return None
    found = Caregiver.objects.filter(phone_index=index, active=True).select_related("area")
    return _readable(found.order_by("pk"))


def consents_in_force(resident_id: UUID) -> frozenset[str]:
    """The items a resident consented to and did not withdraw."""
    return frozenset(
        Consent.objects.filter(resident=resident_id, withdrawn_at=None).values_list(
            "item", flat=True
        )
    )


def guardianships_in_force(*, today: date) -> QuerySet[Guardianship]:
    """The papers by which somebody decides today: looked at by two, begun and not ended."""
    return Guardianship.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        ended_at=None,
        verified_at__isnull=False,
        since__lte=today,
    )


def is_guardian_of(contact: Contact, resident: Resident, *, today: date) -> bool:
    """Whether a contact may decide for a resident today; without a paper nobody does."""
    papers = guardianships_in_force(today=today).filter(contact=contact)
    return contact.resident_id == resident.pk and papers.exists()


def guardian_of(resident: Resident, *, today: date) -> Contact | None:
    """Who decides for a resident today, the one called first of several; None: they themself."""
    papers = guardianships_in_force(today=today).filter(contact=OuterRef("pk"))
    return resident.contacts.filter(Exists(papers)).order_by("order", "pk").first()


def away_households() -> QuerySet[Household]:
    """Homes in which nobody is at home now: all who live there are away, moved or dead."""
    somebody = Resident.objects.filter(household=OuterRef("pk"), life_state=Resident.LifeState.HOME)
    anybody = Resident.objects.filter(household=OuterRef("pk"))
    return Household.objects.filter(Exists(anybody) & ~Exists(somebody))
