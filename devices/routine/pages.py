"""Movement at home, as a panel of a resident's page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import NotFound
from backend.web.api.visible import residents_visible_to
from devices.queries import devices_visible_to
from devices.routine.queries import home_of
from services.alerts.models import Alert


@page("devices", "read", room="desk")
@require_GET
def movement(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """When somebody moved last, and the devices of the home with what is wrong with them."""
    resident = residents_visible_to(actor).filter(pk=resident_id).first()
    if resident is None:
        raise NotFound
    home = home_of(resident_id)
    context = {
        "home": home,
        "alert": Alert.objects.filter(pk=home.alert).first() if home and home.alert else None,
        "devices": devices_visible_to(actor)
        .filter(household=resident.household_id, active=True)
        .order_by("kind", "pk"),
        "now": clock.now(),
    }
    return render(request, "routine/movement.html", context)
