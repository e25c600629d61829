"""The map of what waits, area by area."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.places.models import Area
from backend.places.queries import ancestors
from services.alerts.areas import AreaMap, AreaTally, area_map


@page("worklists", "read", room="desk")
@require_GET
@never_cache
def areas(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits in the areas below one of the reader's (?in=<path>), else below their own."""
    area = _area(actor, request.GET.get("in") or actor.area_path)
    above = [each for each in ancestors(area) if each.path.startswith(actor.area_path)]
    now = clock.now()
    shown = area_map(actor, area, above=above, now=now)
    context = {
        "shown": shown,
        "map": _map(shown),
        "tiles_url": settings.ENV.map_tiles_url,
        "now": now,
        "here": "areas",
    }
    return render(request, "alerts/areas.html", context)


def _area(actor: Actor, path: str) -> Area:
    area = Area.objects.filter(path=path).first()
    if area is None or not actor.area_path or not path.startswith(actor.area_path):
        raise Http404
    return area


def _map(shown: AreaMap) -> dict[str, object]:
    """Areas as `map.js` draws them."""
    return {"tallies": [_drawn(tally) for tally in shown.tallies if tally.outline]}


def _drawn(tally: AreaTally) -> dict[str, object]:
    where = reverse("desk_areas") if tally.has_areas else reverse("desk_zero")
    key = "in" if tally.has_areas else "area"
    return {
        "outline": tally.outline,
        "level": tally.level or "none",
        "name": tally.area.name,
        "total": tally.total,
        "url": f"{where}?{key}={tally.area.path}",
    }
