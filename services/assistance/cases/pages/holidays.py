"""The holiday table on the desk."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from services.assistance.cases import calendar, workdays
from services.assistance.cases.doers import doer_of
from services.assistance.cases.forms import HolidayForm, YearForm
from services.assistance.models import Holiday, HolidayYear


@page("holidays", "list", room="desk")
@require_GET
def holidays(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The days, how far they are known, and what to do before that ends."""
    return _show(request)


@page("holidays", "create", room="desk")
@require_POST
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name a day, or say that a year is complete."""
    is_year = "year" in request.POST
    form = (YearForm if is_year else HolidayForm)(request.POST)
    if not form.is_valid():
        return _show(request, {"year_form" if is_year else "form": form})
    stamp: dict[str, Any] = {"by": doer_of(actor), "now": clock.now()}
    try:
        if is_year:
            calendar.close_year(**form.cleaned_data, **stamp)
        else:
            calendar.name_day(**form.cleaned_data, **stamp)
    except Invalid as error:
        return _show(request, {"form": form, "problem": str(error)})
    return redirect("desk_holidays")


@page("holidays", "delete", room="desk")
@require_POST
def delete(_request: HttpRequest, actor: Actor, holiday_id: int) -> HttpResponse:
    """A day is as its weekday says after all."""
    day = Holiday.objects.filter(pk=holiday_id).first()
    if day is None:
        raise NotFound
    calendar.forget_day(day, by=doer_of(actor), now=clock.now())
    return redirect("desk_holidays")


def _show(request: HttpRequest, more: dict[str, Any] | None = None) -> HttpResponse:
    days, today = workdays.current(), timezone.localdate(clock.now())
    context: dict[str, Any] = {
        "here": "cases",
        "days": Holiday.objects.filter(date__year__gte=today.year),
        "years": HolidayYear.objects.order_by("year"),
        "until": days.known_until(today),
        "ends_soon": days.ends_soon(today),
        "form": HolidayForm(),
        "year_form": YearForm(auto_id="year-%s"),
        **(more or {}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if more else HTTPStatus.OK
    return render(request, "assistance/holidays.html", context, status=status)
