"""Choosing a service in three steps: what, when, done; for oneself or a relative."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from backend.people.names import short_name
from services.community.forms import RULES, WhenForm
from services.community.models import Order, Service
from services.community.offering import hours_of, offers_in
from services.community.ordering_for import order_for_resident
from services.community.queries import may_order_for, resident_reached, services_for

Address = Callable[[Service], str]


@dataclass(frozen=True)
class For:
    """For whom it is chosen, and where the steps lead."""

    resident: Resident
    who: str
    """The relative's name; "" for oneself."""
    back: str
    step: Address


def _oneself(actor: Actor) -> For:
    resident = resident_reached(actor, actor.resident_id or UUID(int=0), "catalogue", "choose")
    return For(
        resident,
        "",
        reverse("services"),
        lambda service: reverse("choose_service", args=[service.pk]),
    )


def _relative(actor: Actor, resident_id: UUID) -> For:
    resident = resident_reached(actor, resident_id, "catalogue", "choose-for")
    return For(
        resident,
        short_name(resident, get_language() or ""),
        reverse("family_services", args=[resident.pk]),
        lambda service: reverse("family_choose_service", args=[resident.pk, service.pk]),
    )


@page("catalogue", "choose")
@require_GET
def services(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What there is, for oneself."""
    return _what(request, actor, _oneself(actor))


@page("catalogue", "choose-for")
@require_GET
def services_for_relative(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What there is, for a relative."""
    return _what(request, actor, _relative(actor, resident_id))


def _what(request: HttpRequest, actor: Actor, whom: For) -> HttpResponse:
    now = clock.now()
    lines = [(each, whom.step(each)) for each in services_for(whom.resident.area)]
    helps = [line for line in lines if line[0].category in Service.SIX_HELPS]
    context = {
        "who": whom.who,
        "helps": helps,
        "others": [line for line in lines if line not in helps],
        "may_order": not whom.who or may_order_for(actor, whom.resident, now=now),
    }
    return render(request, "community/services.html", context)


@page("catalogue", "choose")
def choose(request: HttpRequest, actor: Actor, service_id: UUID) -> HttpResponse:
    """When, for oneself; a POST orders it."""
    return _when(request, actor, _oneself(actor), service_id)


@page("catalogue", "choose-for")
def choose_for_relative(
    request: HttpRequest, actor: Actor, resident_id: UUID, service_id: UUID
) -> HttpResponse:
    """When, for a relative."""
    return _when(request, actor, _relative(actor, resident_id), service_id)


def _when(request: HttpRequest, actor: Actor, whom: For, service_id: UUID) -> HttpResponse:
    now = clock.now()
    service = services_for(whom.resident.area).filter(pk=service_id).first()
    if service is None:
        raise NotFound
    problem, status = "", HTTPStatus.OK
    form = WhenForm(request.POST) if request.method == "POST" else WhenForm()
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                made = order_for_resident(
                    actor,
                    whom.resident,
                    service,
                    form.cleaned_data["when"],
                    note=form.cleaned_data["note"],
                    now=now,
                )
            except DomainError as error:
                problem = str(error)
            else:
                name = "order" if isinstance(made, Order) else "standing_order"
                return redirect(name, made.pk)
        else:
            problem = " ".join(str(each) for each in form.errors.get("when", []))
    context = {
        "service": service,
        "who": whom.who,
        "back": whom.back,
        "form": form,
        "problem": problem,
        "is_call": service.fulfilment == Service.Fulfilment.CALLBACK,
        "days": _days(service, whom.resident, now),
        "again": _again(service),
        "prices": _prices(service, whom.resident),
        "now": now,
    }
    return render(request, "community/choose.html", context, status=status)


def _days(service: Service, resident: Resident, now: datetime) -> list[tuple[str, list[datetime]]]:
    """The moments that can be chosen, by day in words."""
    moments = hours_of(service, area=resident.area, now=now)
    grouped = groupby(moments, key=lambda each: timezone.localtime(each).date())
    return [(_day(list(hours), now)) for _date, hours in grouped]


def _day(hours: list[datetime], now: datetime) -> tuple[str, list[datetime]]:
    local = timezone.localtime(hours[0])
    days = (local.date() - timezone.localdate(now)).days
    if days == 0:
        return gettext("Today"), hours
    if days == 1:
        return gettext("Tomorrow"), hours
    form = pgettext("a day with its weekday, as Django's date format", "l, j F")
    return date_format(local, form), hours


def _again(service: Service) -> list[tuple[str, str, str]]:
    """Value, word and hour of what can be ordered for every day."""
    if not service.repeats:
        return []
    words = {"weekdays": gettext("Every weekday"), "daily": gettext("Every day")}
    return [
        (f"{rule} {hour:%H:%M}", words[rule], f"{hour:%H:%M}")
        for rule in RULES
        for hour in sorted(service.hours)
    ]


def _prices(service: Service, resident: Resident) -> list[int]:
    """The least and the most that it costs here; none where it is agreed by telephone."""
    asked = [each.asks_fen for each in offers_in(service, resident.area)] or [service.price_fen]
    known = {each for each in asked if each is not None}
    return sorted({min(known), max(known)}) if known else []
