"""Areas: the tree, and which of them holds a place."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from backend.places import geo
from backend.places.datum import Position
from backend.places.models import Area


def descendants(area: Area) -> QuerySet[Area]:
    """Everything below an area, without itself."""
    return Area.objects.filter(path__startswith=area.path).exclude(pk=area.pk)


def paths_above(path: str) -> list[str]:
    """The path and those of all areas above it, the root first."""
    return [path[: end + 1] for end, sign in enumerate(path) if sign == "."]


def ancestors(area: Area) -> QuerySet[Area]:
    """The areas above one, the root first."""
    return Area.objects.filter(path__in=paths_above(area.path)).exclude(pk=area.pk)


def district_path() -> str:
    """Path of the (first) district; "" before there is any."""
    root = Area.objects.filter(parent=None).order_by("path").first()
    return root.path if root else ""


def area_at(lat: float, lon: float) -> Area | None:
    """The deepest area whose outline holds the place; one query a level.

    An area without an outline is looked through: its children are asked.
    """
    deepest = None
    parents: list[Area | None] = [None]
    while parents:
        above = Q(parent__in=[area for area in parents if area])
        level = list(Area.objects.filter(Q(parent=None) if parents == [None] else above))
        holding = [a for a in level if a.polygon and geo.is_inside(a.polygon, lat=lat, lon=lon)]
        if holding:
            deepest = holding[0]
            parents = [deepest]
        else:
            parents = [area for area in level if not area.polygon]
    return deepest


def office_of(area: Area) -> Position | None:
    """Where the people of an area start from: its office, else its middle."""
    if area.office_lat is not None and area.office_lon is not None:
        return Position(area.office_lat, area.office_lon)
    return geo.centre_of(area.polygon) if area.polygon else None


def offices_of(keys: Collection[int]) -> dict[int, Position]:
    """`office_of` by key of area; an outline is read only where there is no office."""
    areas = Area.objects.filter(pk__in=keys)
    offices = {
        pk: Position(lat, lon)
        for pk, lat, lon in areas.values_list("pk", "office_lat", "office_lon")
        if lat is not None and lon is not None
    }
    if len(offices) == len(keys):
        return offices
    middles = {area.pk: office_of(area) for area in areas.exclude(pk__in=offices)}
    return offices | {pk: middle for pk, middle in middles.items() if middle}
