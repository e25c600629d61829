"""A provider's own page, opened by the link in the text about an order."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.doors import open_page
from backend.audit.actions import record_sharing
from backend.core import clock
from backend.core.errors import DomainError
from services.community import actions
from services.community.doers import Doer
from services.community.errors import LinkEnded
from services.community.links import provider_of
from services.community.models import Order, Provider

BEFORE, AFTER = timedelta(days=1), timedelta(days=7)

ACTS: Mapping[str, Callable[..., Any]] = {
    "take": actions.take_order,
    "set-out": actions.set_out,
    "deliver": actions.deliver,
    "give-back": actions.give_back,
}


@open_page("a provider has no account: the link in its text shows its orders, and ends")
@require_GET
@never_cache
def orders(request: HttpRequest, token: str) -> HttpResponse:
    """What it has to bring, by the time it is wanted."""
    return _show(request, token)


@open_page("a provider has no account: the link in its text says what becomes of an order")
@require_POST
def act(request: HttpRequest, token: str, order_id: UUID, name: str) -> HttpResponse:
    """It takes an order, is on the way, has brought it, or gives it back."""
    try:
        provider = provider_of(token, now=clock.now())
    except LinkEnded as error:
        return _ended(request, error)
    order = _its_orders(provider).filter(pk=order_id).first()
    if order is None or name not in ACTS:
        raise Http404
    try:
        ACTS[name](order, by=Doer(provider.reference, provider.name), now=clock.now())
    except DomainError as error:
        return _show(request, token, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("provider_orders", token)


def _its_orders(provider: Provider) -> Any:
    today = timezone.localdate(clock.now())
    near = Order.objects.filter(
        provider=provider, occurs_on__gte=today - BEFORE, occurs_on__lte=today + AFTER
    ).exclude(state=Order.State.CANCELLED)
    return near.select_related("service", "resident__household__address")


def _show(
    request: HttpRequest, token: str, *, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    now = clock.now()
    try:
        provider = provider_of(token, now=now)
    except LinkEnded as error:
        return _ended(request, error)
    # What is still to be brought first, then what was.
    found = list(_its_orders(provider).order_by(F("done_at").asc(nulls_first=True), "wanted_at"))
    record_sharing(
        {f"resident:{each.resident_id}": each.resident_id for each in found},
        actor=provider.reference,
        fields=["address", "phone", "note"],
        to=provider.reference,
        now=now,
    )
    context = {
        "provider": provider,
        "orders": found,
        "token": token,
        "problem": problem,
        "now": now,
    }
    return render(request, "community/provider.html", context, status=status)


def _ended(request: HttpRequest, error: LinkEnded) -> HttpResponse:
    return render(
        request, "community/link_ended.html", {"problem": str(error)}, status=HTTPStatus.GONE
    )
