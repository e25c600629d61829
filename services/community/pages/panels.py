"""Orders as parts of other people's pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.people.names import short_name
from services.community.models import Complaint, Order
from services.community.queries import (
    complaints_visible_to,
    may_order_for,
    orders_visible_to,
    resident_reached,
    standing_visible_to,
)
from services.community.way import way_of

SHOWN = 3


@page("my-orders", "read")
@require_GET
@never_cache
def of_oneself(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is on its way today, below the buttons."""
    now = clock.now()
    today = orders_visible_to(actor, "follow").filter(
        state__in=Order.OPEN, occurs_on__lte=timezone.localdate(now)
    )
    done = orders_visible_to(actor, "follow").filter(
        state=Order.State.DONE, occurs_on=timezone.localdate(now), rating=None
    )
    ways = [way_of(each) for each in [*today.order_by("wanted_at")[:SHOWN], *done[:1]]]
    is_any = orders_visible_to(actor, "follow").exists()
    return render(request, "community/parts/own.html", {"ways": ways, "is_any": is_any})


@page("family-orders", "read")
@require_GET
@never_cache
def of_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A relative's orders on the family's card, by consent; and the way to order."""
    now = clock.now()
    resident = resident_reached(actor, resident_id, "family-orders", "read")
    orders = orders_visible_to(actor, "follow").filter(resident=resident)
    coming = orders.filter(state__in=Order.OPEN).order_by("wanted_at")[:SHOWN]
    context = {
        "resident": resident,
        "who": short_name(resident, get_language() or ""),
        "ways": [way_of(each) for each in coming],
        "may_order": may_order_for(actor, resident, now=now),
        "now": now,
    }
    return render(request, "community/parts/family.html", context)


@page("orders", "board", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """A resident's orders and complaints on the desk's page about them."""
    resident = resident_reached(actor, resident_id, "orders", "board")
    orders = orders_visible_to(actor, "board").filter(resident=resident)
    standing = standing_visible_to(actor, "list").filter(resident=resident, ended_at=None)
    complaints = complaints_visible_to(actor, "board").filter(resident=resident)
    context = {
        "resident": resident,
        "orders": orders.filter(state__in=Order.OPEN).order_by("wanted_at")[:SHOWN],
        "again": standing.order_by("at"),
        "complaints": complaints.exclude(
            state__in=(Complaint.State.CLOSED, Complaint.State.DISMISSED)
        ),
        "now": clock.now(),
    }
    return render(request, "community/parts/resident.html", context)
