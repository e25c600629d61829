"""Orders and complaints as those who made them follow them."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import Role
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.core.pictures import CONTENT_TYPE
from backend.people.names import short_name
from backend.places.models import Area
from backend.web.downloads import download
from services.community import actions, policies
from services.community.actions.showing import content_of
from services.community.doers import doer_of
from services.community.forms import ComplaintForm, RatingForm
from services.community.models import Complaint, Order, StandingOrder
from services.community.ordering_for import complain_for
from services.community.queries import (
    complaint_for,
    complaints_visible_to,
    order_for,
    orders_visible_to,
    resident_reached,
    standing_visible_to,
)
from services.community.record import note_reading
from services.community.way import way_of

SHOWN = 20
DAYS_SHOWN = 7

Act = Callable[[Order, datetime], object]


@page("orders", "follow")
@require_GET
@never_cache
def own_orders(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was ordered: what is open, what comes again, what was."""
    orders = orders_visible_to(actor, "follow")
    context = {
        "open": orders.filter(state__in=Order.OPEN).order_by("wanted_at")[:SHOWN],
        "again": standing_visible_to(actor, "list").filter(ended_at=None).order_by("at"),
        "past": orders.exclude(state__in=Order.OPEN).order_by("-wanted_at")[:SHOWN],
        "complaints": complaints_visible_to(actor, "follow").order_by("-received_at")[:SHOWN],
        "is_family": actor.role == Role.FAMILY,
        "now": clock.now(),
    }
    return render(request, "community/own_orders.html", context)


@page("orders", "follow")
@require_GET
@never_cache
def order(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """Where one order is, like a parcel."""
    return _show(request, actor, order_for(actor, order_id, "follow"))


@page("orders", "call-off")
@require_POST
def cancel(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """Not wanted any more."""
    reason, by = Order.CancelReason.ASKED, doer_of(actor)
    return _do(
        request,
        actor,
        order_for(actor, order_id, "call-off"),
        lambda shown, now: actions.cancel_order(shown, reason=reason, by=by, now=now),
    )


@page("orders", "rate")
@require_POST
def rate(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """How it was."""
    shown, form, by = order_for(actor, order_id, "rate"), RatingForm(request.POST), doer_of(actor)
    if not form.is_valid():
        return _show(request, actor, shown, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _do(
        request,
        actor,
        shown,
        lambda one, now: actions.rate_order(one, **form.cleaned_data, by=by, now=now),
    )


def _do(request: HttpRequest, actor: Actor, shown: Order, act: Act) -> HttpResponse:
    try:
        act(shown, clock.now())
    except DomainError as error:
        again = order_for(actor, shown.pk, "follow")
        return _show(request, actor, again, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("order", shown.pk)


def _show(
    request: HttpRequest,
    actor: Actor,
    shown: Order,
    *,
    form: RatingForm | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    suggested = Complaint.State.SUGGESTED
    context = {
        "way": way_of(shown),
        "order": shown,
        "who": _who(actor, shown.resident),
        "form": form or RatingForm(),
        "problem": problem,
        "may_cancel": policies.may_cancel_oneself(shown, now=now),
        "may_rate": policies.may_rate(shown, now=now),
        "complaint": complaints_visible_to(actor, "follow")
        .filter(order=shown)
        .exclude(state=suggested)
        .first(),
        "asks_complaint": shown.rating is not None and shown.rating <= policies.LOW_RATING,
        "now": now,
    }
    return render(request, "community/order.html", context, status=status)


def _who(actor: Actor, resident: Any) -> str:
    """Whose it is, for somebody else who reads it."""
    return short_name(resident, get_language() or "") if actor.role == Role.FAMILY else ""


@page("standing-orders", "stop")
@never_cache
def standing_order(request: HttpRequest, actor: Actor, standingorder_id: UUID) -> HttpResponse:
    """What comes again, and its next days; a POST ends it."""
    shown = standing_visible_to(actor, "read").filter(pk=standingorder_id).first()
    if shown is None:
        raise NotFound
    now = clock.now()
    if request.method == "POST":
        actions.end_standing(shown, by=doer_of(actor), now=now)
        return redirect("standing_order", standingorder_id)
    context = {
        "standing": shown,
        "days": _next_days(shown, now),
        "who": _who(actor, shown.resident),
        "now": now,
    }
    return render(request, "community/standing_order.html", context)


def _next_days(standing: StandingOrder, now: datetime) -> list[Order]:
    ahead = standing.orders.select_related("service", "provider").filter(
        state__in=Order.OPEN, wanted_at__gt=now
    )
    return list(ahead.order_by("wanted_at")[:DAYS_SHOWN])


@page("complaints", "follow")
def new_complaint(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Complain, about an order (`?order=`) or anything else (`?for=` a relative)."""
    about = _about(request, actor)
    resident = about.resident if about else _whose(request, actor)
    form = ComplaintForm(request.POST or None, request.FILES or None, initial=_beginning(about))
    if request.method == "POST" and form.is_valid():
        made = _complain(actor, about, resident, form.cleaned_data)
        return redirect("complaint", made.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"form": form, "order": about, "who": _who(actor, resident)}
    return render(request, "community/new_complaint.html", context, status=status)


def _beginning(about: Order | None) -> dict[str, str]:
    """What a low rating said already."""
    words = about.rating_words if about else ""
    return {"category": Complaint.Category.QUALITY, "words": words}


def _about(request: HttpRequest, actor: Actor) -> Order | None:
    key = request.GET.get("order", "")
    try:
        return order_for(actor, UUID(key), "follow") if key else None
    except ValueError as error:
        raise NotFound from error


def _whose(request: HttpRequest, actor: Actor) -> Any:
    key = request.GET.get("for", "") or str(
        actor.resident_id or next(iter(sorted(actor.household_resident_ids)), UUID(int=0))
    )
    try:
        return resident_reached(actor, UUID(key), "complaints", "follow")
    except ValueError as error:
        raise NotFound from error


def _complain(actor: Actor, about: Order | None, resident: Any, said: dict[str, Any]) -> Complaint:
    """A suggestion that waits becomes the complaint; otherwise it is a new one."""
    now, picture = clock.now(), said.pop("photo")
    with transaction.atomic():
        made = _taken_down(actor, about, resident, said, now)
        if picture is not None:
            actions.show_photo(made, picture=picture, by=doer_of(actor), now=now)
    return made


def _taken_down(
    actor: Actor, about: Order | None, resident: Any, said: dict[str, Any], now: datetime
) -> Complaint:
    if about is not None:
        waiting = Complaint.objects.filter(order=about, state=Complaint.State.SUGGESTED)
        suggested = waiting.filter(made_by=actor.reference).first()
        if suggested is not None:
            return actions.take_up(suggested, **said, by=doer_of(actor), now=now)
    area: Area = resident.area
    return complain_for(actor, resident, area=area, order=about, **said, now=now)


@page("complaints", "follow")
@require_GET
@never_cache
def complaint(request: HttpRequest, actor: Actor, complaint_id: UUID) -> HttpResponse:
    """Where one complaint stands."""
    shown = complaint_for(actor, complaint_id, "follow")
    return render(request, "community/complaint.html", {"complaint": shown, "now": clock.now()})


@page("complaints", "follow")
@require_GET
@never_cache
def photo(
    _request: HttpRequest, actor: Actor, complaint_id: UUID, complaintphoto_id: UUID
) -> HttpResponse:
    """A photograph, for whoever made the complaint."""
    return photo_of(complaint_for(actor, complaint_id, "follow"), complaintphoto_id, actor)


def photo_of(shown: Complaint, photo_id: UUID, actor: Actor) -> HttpResponse:
    """One photograph of a complaint that is in reach; reading it is written down.

    Raises:
        NotFound: it is of another one.
    """
    found = shown.photos.filter(pk=photo_id).first()
    if found is None:
        raise NotFound
    note_reading(
        shown.reference,
        resident_id=shown.resident_id,
        fields=["photo"],
        by=actor.reference,
        now=clock.now(),
    )
    return download(content_of(found), name="photo.jpg", content_type=CONTENT_TYPE)
