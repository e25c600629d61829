"""Orders on the desk: the list, one order with what can be done, an order by telephone."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.costly import SEARCHES, costly, searched
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.community import actions
from services.community.doers import Doer, doer_of
from services.community.forms import CancelForm, DeskOrderForm, PassOnForm, ReasonForm
from services.community.models import Order, Service
from services.community.offering import candidates_for
from services.community.ordering_for import order_for_resident
from services.community.passing import pass_to
from services.community.queries import order_for, orders_visible_to, resident_reached
from services.community.record import note_reading
from services.community.way import EVENT_WORDS, way_of
from services.emergencies.desk.search import found_residents

A_PAGE = 50
HERE = "orders"
OPEN = "open"

Act = Callable[[Order, Doer, datetime], object]


class OrderFilter(django_forms.Form):
    """Which orders of the list; open ones unless the address says otherwise."""

    state = django_forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (OPEN, _("still open")),
            ("waits", _("waits for us")),
            ("all", _("all")),
            *Order.State.choices,
        ],
    )
    category = django_forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Service.Category.choices]
    )
    day = django_forms.DateField(
        label=_("Day"),
        required=False,
        widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def apply(self, orders: QuerySet[Order]) -> QuerySet[Order]:
        """The orders that the filters leave, by what is wanted first."""
        self.is_valid()
        asked = self.cleaned_data
        match asked.get("state") or OPEN:
            case "all":
                pass
            case "open":
                orders = orders.filter(state__in=Order.OPEN)
            case "waits":
                orders = orders.filter(state=Order.State.ORDERED)
            case state:
                orders = orders.filter(state=state)
        if asked.get("category"):
            orders = orders.filter(service__category=asked["category"])
        if asked.get("day"):
            orders = orders.filter(occurs_on=asked["day"])
        return orders.order_by("wanted_at", "pk")


@page("orders", "board", room="desk")
@require_GET
def orders(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Orders of the area by what is wanted first; filters stand in the address."""
    form = OrderFilter({"state": OPEN, **request.GET.dict()})
    paginator = Paginator(form.apply(orders_visible_to(actor, "board")), A_PAGE)
    context = {
        "here": HERE,
        "form": form,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "may_edit": actor.scope("services", "create") is not None,
        "now": clock.now(),
    }
    return render(request, "community/desk_orders.html", context)


@page("orders", "board", room="desk")
@require_GET
def order(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """One order: what is next first, then where it was."""
    return _show(request, actor, order_for(actor, order_id, "board"))


def _show(
    request: HttpRequest,
    actor: Actor,
    shown: Order,
    *,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    note_reading(
        shown.reference,
        resident_id=shown.resident_id,
        fields=["note", "rating_words"],
        by=actor.reference,
        now=now,
    )
    waits = shown.state == Order.State.ORDERED
    context = {
        "here": HERE,
        "order": shown,
        "way": way_of(shown),
        "history": [(EVENT_WORDS.get(e.event, e.event), e) for e in shown.events.all()],
        "candidates": list(candidates_for(shown)) if waits else [],
        "cancel_form": CancelForm(),
        "reason_form": ReasonForm(),
        "complaints": shown.complaints.all(),
        "problem": problem,
        "now": now,
    }
    return render(request, "community/desk_order.html", context, status=status)


def _act(name: str, act: Act) -> Callable[..., HttpResponse]:
    """A POST on an order's page: one action, and back to the page."""

    @page("orders", name, room="desk")
    @require_POST
    def view(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
        shown = order_for(actor, order_id, name)
        return _do(request, actor, shown, act)

    return view


def _do(request: HttpRequest, actor: Actor, shown: Order, act: Act) -> HttpResponse:
    try:
        act(shown, doer_of(actor), clock.now())
    except DomainError as error:
        again = order_for(actor, shown.pk, "board")
        return _show(request, actor, again, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("desk_order", shown.pk)


take = _act("take", lambda order, by, now: actions.take_order(order, by=by, now=now))
set_out = _act("set-out", lambda order, by, now: actions.set_out(order, by=by, now=now))
deliver = _act("deliver", lambda order, by, now: actions.deliver(order, by=by, now=now))


@page("orders", "pass-on", room="desk")
@require_POST
def pass_on(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """A provider brings it, somebody of ours goes, or an operator rings back."""
    shown, form = order_for(actor, order_id, "pass-on"), PassOnForm(request.POST)
    to = form.cleaned_data["to"] if form.is_valid() else ""
    return _do(request, actor, shown, lambda order, by, now: pass_to(order, to, by=by, now=now))


@page("orders", "give-back", room="desk")
@require_POST
def give_back(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """Whoever had it does not do it."""
    shown, form = order_for(actor, order_id, "give-back"), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _do(
        request,
        actor,
        shown,
        lambda order, by, now: actions.give_back(order, reason=reason, by=by, now=now),
    )


@page("orders", "cancel", room="desk")
@require_POST
def cancel(request: HttpRequest, actor: Actor, order_id: UUID) -> HttpResponse:
    """It will not be."""
    shown, form = order_for(actor, order_id, "cancel"), CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _do(
        request,
        actor,
        shown,
        lambda order, by, now: actions.cancel_order(
            order, reason=reason, is_staff=True, by=by, now=now
        ),
    )


@page("orders", "create", room="desk")
@costly(SEARCHES, when=searched)
def new_order(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An order by telephone: who (`?resident=`, or found by `?q=`), then what and when."""
    resident = _resident(request, actor)
    asked = request.GET.get("q", "")
    context: dict[str, Any] = {"here": HERE, "resident": resident, "asked": asked}
    status = HTTPStatus.OK
    if resident is None:
        context["found"] = found_residents(actor, asked)
    else:
        now = clock.now()
        form = DeskOrderForm(
            request.POST or None,
            resident=resident,
            initial={"wanted_at": timezone.localtime(now), "repeats": "once"},
        )
        if request.method == "POST":
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            if form.is_valid():
                made = _ordered(request, actor, resident, form, now)
                if made is not None:
                    return redirect("desk_order", made.pk)
        context |= {"form": form, "problem": getattr(form, "problem", "")}
    return render(request, "community/desk_new_order.html", context, status=status)


def _ordered(
    request: HttpRequest, actor: Actor, resident: Resident, form: DeskOrderForm, now: datetime
) -> Order | None:
    """The order, or the first of those that come again; a refusal stands in the form."""
    try:
        made = order_for_resident(
            actor,
            resident,
            form.cleaned_data["service"],
            form.when,
            note=form.cleaned_data["note"],
            starts_on=form.starts_on,
            now=now,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    if isinstance(made, Order):
        return made
    messages.success(request, _("It is ordered, and comes again."))
    return made.orders.order_by("wanted_at").first()


def _resident(request: HttpRequest, actor: Actor) -> Resident | None:
    key = request.POST.get("resident") or request.GET.get("resident", "")
    if not key:
        return None
    try:
        return resident_reached(actor, UUID(key), "orders", "create")
    except ValueError as error:
        raise NotFound from error
