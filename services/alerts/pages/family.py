"""A relative's card: what looked wrong in their home, by consent."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import NotFound
from services.alerts.queries import alerts_shared

SHOWN = 5


@page("family-alerts", "read")
@require_GET
@never_cache
def of_family(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """The newest alerts of one resident, or that they are not shared."""
    if resident_id not in actor.household_resident_ids:
        raise NotFound
    shared = alerts_shared(resident_id)
    context = {
        "is_shared": shared is not None,
        "alerts": shared[:SHOWN] if shared is not None else [],
        "now": clock.now(),
    }
    return render(request, "alerts/of_family.html", context)
