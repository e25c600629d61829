"""Homes: where they are and how to get in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from backend.people.errors import HouseholdInUse
from backend.people.models import Household, Resident
from backend.people.record import CHANGE, CREATE, DELETE, note_in_area
from backend.places.actions import create_address, place_address
from backend.places.models import Address, Area, Datum
from backend.places.queries import office_of
from backend.places.search import searchable

ENTRY = ("door_code", "key_holder", "entry_notes")
PLACE = ("lat", "lon", "datum")


@transaction.atomic
def create_household(
    *,
    area: Area,
    address: str,
    lat: float | None = None,
    lon: float | None = None,
    datum: str = Datum.WGS84,
    entry: Mapping[str, str] | None = None,
    by: str,
    now: datetime,
) -> Household:
    """Add a home; `entry` are door_code, key_holder, entry_notes.

    Without a position it is taken to be where its area's office is, so that distances are about
    right until somebody says better (position_source "area").

    Raises:
        BadPosition: it is nowhere on the globe.
    """
    kept = create_address(
        area=area, text=address, lat=lat, lon=lon, datum=datum, position_source="told"
    )
    if lat is None and lon is None:
        _guess_position(kept)
    household = Household.objects.create(address=kept, **(entry or {}))
    fields = ["address", *(entry or {})]
    note_in_area(household, area, "household.created", CREATE, fields=fields, by=by, now=now)
    return household


def _guess_position(address: Address) -> None:
    middle = office_of(address.area)
    address.position_source = "area" if middle else ""
    if middle:
        place_address(address, lat=middle.lat, lon=middle.lon)
    address.save()


@transaction.atomic
def change_household(
    household: Household, *, changes: Mapping[str, Any], by: str, now: datetime
) -> Household:
    """Change address, area, position or entry; its residents follow into a new area.

    Raises:
        BadPosition: it is nowhere on the globe.
    """
    household = (
        Household.objects.select_for_update(of=("self",))
        .select_related("address__area")
        .get(pk=household.pk)
    )
    for field in ENTRY:
        if field in changes:
            setattr(household, field, changes[field])
    household.save()
    _change_address(household.address, changes)
    if "area" in changes:
        Resident.objects.filter(household=household).update(area=changes["area"])
    note_in_area(
        household,
        household.address.area,
        "household.changed",
        CHANGE,
        fields=changes,
        by=by,
        now=now,
    )
    return household


def _change_address(address: Address, changes: Mapping[str, Any]) -> None:
    if "area" in changes:
        address.area = changes["area"]
    if "address" in changes:
        address.text = changes["address"]
        address.search_text = searchable(address.text)
    if changes.keys() & set(PLACE):
        place_address(
            address,
            lat=changes.get("lat"),
            lon=changes.get("lon"),
            datum=changes.get("datum", Datum.WGS84),
        )
        address.position_source = "told"
    address.save()


@transaction.atomic
def remove_household(household: Household, *, by: str, now: datetime) -> None:
    """Remove a home where nobody lives and nothing stands.

    Raises:
        HouseholdInUse: somebody lives there, or there are records about it.
    """
    address = household.address
    note_in_area(household, address.area, "household.removed", DELETE, by=by, now=now)
    try:
        household.delete()
        address.delete()
    except ProtectedError as error:
        raise HouseholdInUse from error
