"""Writing areas and addresses."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import Invalid
from backend.places import geo
from backend.places.datum import to_wgs84
from backend.places.errors import AreaCodeTaken, AreaInUse, BadPosition, WrongLevel
from backend.places.models import Address, Area, Datum
from backend.places.search import searchable

LEVELS = list(Area.Level)
CODE_LENGTHS = {
    Area.Level.DISTRICT: 6,
    Area.Level.STREET: 3,
    Area.Level.COMMUNITY: 3,
    Area.Level.GRID: 2,
}
"""Source: statistical area code 2+2+2+3+3; grid CJ/T 349-2010."""


@transaction.atomic
def create_area(
    *,
    parent: Area | None,
    level: str,
    code: str,
    name: str,
    polygon: Any = None,
    by: str,
    now: datetime,
) -> Area:
    """Add an area below another; its path is made here and never changes.

    Raises:
        WrongLevel: the levels do not follow one another.
        AreaCodeTaken: the parent has another one of this code.
        BadOutline: the polygon cannot be used.
    """
    _require_level(parent, level)
    if len(code) != CODE_LENGTHS[Area.Level(level)] or not code.isascii() or not code.isdigit():
        raise Invalid(fields={"code": ["bad_area_code"]})
    try:
        with transaction.atomic():
            area = Area.objects.create(
                parent=parent,
                level=level,
                code=code,
                path=f"{parent.path if parent else ''}{code}.",
                name=name,
                polygon=None if polygon is None else geo.checked_outline(polygon),
            )
    except IntegrityError as error:
        raise AreaCodeTaken(area_code=code) from error
    _note(area, AuditRow.Action.CREATE, "area.created", ["code", "name"], by=by, now=now)
    return area


def _require_level(parent: Area | None, level: str) -> None:
    rank = LEVELS.index(Area.Level(level))
    if (parent is None and rank) or (
        parent is not None and LEVELS.index(Area.Level(parent.level)) != rank - 1
    ):
        raise WrongLevel(fields={"level": ["wrong_level"]})


@transaction.atomic
def change_area(area: Area, *, changes: dict[str, Any], by: str, now: datetime) -> Area:
    """Change name, outline or office of an area.

    Raises:
        BadOutline: the polygon cannot be used.
        BadPosition: the office is nowhere.
    """
    if changes.get("polygon") is not None:
        changes = {**changes, "polygon": geo.checked_outline(changes["polygon"])}
    for field, value in changes.items():
        setattr(area, field, value)
    if area.office_lat is not None or area.office_lon is not None:
        _require_place(area.office_lat, area.office_lon)
    area.save(update_fields=list(changes))
    _note(area, AuditRow.Action.CHANGE, "area.changed", list(changes), by=by, now=now)
    return area


@transaction.atomic
def delete_area(area: Area, *, by: str, now: datetime) -> None:
    """Remove an area that nobody and nothing belongs to.

    Raises:
        AreaInUse: somebody or something does.
    """
    _note(area, AuditRow.Action.DELETE, "area.deleted", [], by=by, now=now)
    try:
        area.delete()
    except ProtectedError as error:
        raise AreaInUse from error


def create_address(
    *,
    area: Area,
    text: str,
    lat: float | None = None,
    lon: float | None = None,
    datum: str = Datum.WGS84,
    position_source: str = "",
) -> Address:
    """Keep an address; a position is stored as WGS-84 with the datum it came in beside it.

    Part of the transaction of the household it is for.

    Raises:
        BadPosition: it is nowhere on the globe, or half of it is missing.
    """
    address = Address(area=area, text=text, position_source=position_source)
    address.search_text = searchable(text)
    place_address(address, lat=lat, lon=lon, datum=datum)
    address.save()
    return address


def place_address(
    address: Address, *, lat: float | None, lon: float | None, datum: str = Datum.WGS84
) -> None:
    """Set the position of an address that is about to be saved.

    Raises:
        BadPosition: it is nowhere on the globe, or half of it is missing.
    """
    if lat is None and lon is None:
        address.lat = address.lon = None
        return
    _require_place(lat, lon)
    address.lat, address.lon = to_wgs84(lat or 0.0, lon or 0.0, datum)
    address.datum = datum


def _require_place(lat: float | None, lon: float | None) -> None:
    if lat is None or lon is None or not geo.on_the_globe(lat, lon):
        raise BadPosition(fields={"lat": ["bad_position"], "lon": ["bad_position"]})


def _note(
    area: Area,
    action: AuditRow.Action,
    event: str,
    fields: list[str],
    *,
    by: str,
    now: datetime,
) -> None:
    subject = f"area:{area.pk}"
    record(actor=by, action=action, subject=subject, fields=fields, now=now)
    journal.append(
        subject, event, at=now, by=by, area_path=area.path, data={"fields": sorted(fields)}
    )
