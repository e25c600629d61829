"""Caregivers: enrolled, on shift, somewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from backend.core.errors import Invalid
from backend.people import phones
from backend.people.errors import PersonInUse
from backend.people.models import Caregiver, Shift
from backend.people.numbers import tell_number
from backend.people.record import CHANGE, CREATE, DELETE, note_in_area, reference
from backend.places import geo
from backend.places.datum import Position, to_wgs84
from backend.places.errors import BadPosition
from backend.places.models import Area, Datum

STILL_WITHIN_M = 50
"""Our choice: telephones between tall houses err by tens of metres while they lie still."""


@transaction.atomic
def enrol_caregiver(
    *,
    area: Area,
    name: str,
    phone: str,
    details: Mapping[str, Any] | None = None,
    by: str,
    now: datetime,
) -> Caregiver:
    """Take somebody on; `details` are kind, team, language, skills.

    Raises:
        BadPhone: it is no number.
    """
    caregiver = Caregiver.objects.create(
        area=area, name=name, phone=phones.normalized(phone), **(details or {})
    )
    fields = ["area", "name", "phone", *(details or {})]
    note_in_area(caregiver, area, "caregiver.enrolled", CREATE, fields=fields, by=by, now=now)
    return caregiver


@transaction.atomic
def change_caregiver(
    caregiver: Caregiver, *, changes: Mapping[str, Any], by: str, now: datetime
) -> Caregiver:
    """Change what is known about a caregiver; `active: False` ends their service.

    Raises:
        BadPhone: it is no number.
    """
    caregiver = Caregiver.objects.select_for_update(of=("self",)).get(pk=caregiver.pk)
    before = caregiver.phone
    for field, value in changes.items():
        setattr(caregiver, field, phones.normalized(value) if field == "phone" else value)
    # The position is written by set_position alone, which does not wait for this row.
    caregiver.save(update_fields=[*changes, *(["phone_index"] if "phone" in changes else [])])
    note_in_area(
        caregiver, caregiver.area, "caregiver.changed", CHANGE, fields=changes, by=by, now=now
    )
    after = caregiver.phone if caregiver.active else ""
    tell_number(reference(caregiver), before=before, after=after, now=now)
    return caregiver


@transaction.atomic
def remove_caregiver(caregiver: Caregiver, *, by: str, now: datetime) -> None:
    """Remove somebody enrolled by mistake; who was ever sent out is made inactive instead.

    Raises:
        PersonInUse: there are records about them.
    """
    note_in_area(caregiver, caregiver.area, "caregiver.removed", DELETE, by=by, now=now)
    try:
        caregiver.delete()
    except ProtectedError as error:
        raise PersonInUse from error


def set_position(
    caregiver: Caregiver,
    *,
    lat: float,
    lon: float,
    datum: str = Datum.WGS84,
    at: datetime,
    now: datetime,
) -> bool:
    """Keep where a caregiver is; a position older than the known one changes nothing.

    Comes every minute and is nobody else's news: neither journal nor audit. A telephone whose
    clock runs ahead is taken to mean now.

    Raises:
        BadPosition: it is nowhere on the globe.
    """
    if not geo.on_the_globe(lat, lon):
        raise BadPosition(fields={"lat": ["bad_position"], "lon": ["bad_position"]})
    here, at = to_wgs84(lat, lon, datum), min(at, now)
    newer = Q(last_position_at=None) | Q(last_position_at__lt=at)
    moved = {} if _stands_still(caregiver, here) else _stands(here, since=at)
    return bool(
        Caregiver.objects.filter(newer, pk=caregiver.pk).update(
            last_lat=here.lat, last_lon=here.lon, last_position_at=at, **moved
        )
    )


def _stands_still(caregiver: Caregiver, here: Position) -> bool:
    if caregiver.still_lat is None or caregiver.still_lon is None:
        return False
    return geo.distance_m(*here, caregiver.still_lat, caregiver.still_lon) < STILL_WITHIN_M


def _stands(here: Position, *, since: datetime) -> dict[str, Any]:
    return {"still_lat": here.lat, "still_lon": here.lon, "still_since": since}


@transaction.atomic
def set_shift(
    *, caregiver: Caregiver, starts_at: datetime, ends_at: datetime, by: str, now: datetime
) -> Shift:
    """Put a caregiver on duty from one moment to another; the same shift again changes nothing.

    Raises:
        Invalid: it ends before it starts.
    """
    if ends_at <= starts_at:
        raise Invalid(fields={"ends_at": ["before_start"]})
    Caregiver.objects.select_for_update(of=("self",)).get(pk=caregiver.pk)
    shift, is_new = Shift.objects.get_or_create(
        caregiver=caregiver, starts_at=starts_at, ends_at=ends_at
    )
    if is_new:
        note_in_area(
            caregiver, caregiver.area, "shift.set", CHANGE, fields=["shifts"], by=by, now=now
        )
    return shift


@transaction.atomic
def cancel_shift(shift: Shift, *, by: str, now: datetime) -> None:
    """Take a shift back."""
    caregiver = shift.caregiver
    note_in_area(
        caregiver, caregiver.area, "shift.cancelled", CHANGE, fields=["shifts"], by=by, now=now
    )
    shift.delete()
