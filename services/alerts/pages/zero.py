"""The board of what waits, and the figures of a day."""

from datetime import date, datetime
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.places.models import Area
from services.alerts.figures import figures_of
from services.alerts.worklists import LEVEL_WORDS, worklists
from services.alerts.zero import zero_board

LISTED_LEVELS = (Area.Level.DISTRICT, Area.Level.STREET, Area.Level.COMMUNITY)


class ZeroFilter(forms.Form):
    """What of the board is shown; stands in the address."""

    list = forms.ChoiceField(label=_("Kind"), required=False)
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("all")), *[(level.value, word) for level, word in LEVEL_WORDS.items()]],
    )
    owner = forms.ChoiceField(
        label=_("With"), required=False, choices=[("", _("all")), ("nobody", _("nobody yet"))]
    )
    area = forms.ChoiceField(label=_("Area"), required=False)

    def offer(self, actor: Actor) -> None:
        """Offer the worklists there are and the areas of the reader."""
        lists = [(each.name, each.label) for each in worklists()]
        areas = Area.objects.filter(path__startswith=actor.area_path, level__in=LISTED_LEVELS)
        named = [(area.path, area.name) for area in areas] if actor.area_path else []
        for name, choices in (("list", lists), ("area", named)):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("all")), *choices]


@page("worklists", "read", room="desk")
@require_GET
@never_cache
def zero(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All that waits for a person; the list alone where htmx asks."""
    form = ZeroFilter(request.GET)
    form.offer(actor)
    form.is_valid()
    now = clock.now()
    context = {
        "board": zero_board(actor, now=now, asked=form.cleaned_data),
        "form": form,
        "now": now,
        "here": "zero",
    }
    part = "HX-Request" in request.headers
    return render(request, f"alerts/{'zero_lines' if part else 'zero'}.html", context)


@page("figures", "read")
@require_GET
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The figures of a day, each with what it means and how it is counted.

    They name nobody, so auditors read them without the rest of the desk.
    """
    now = clock.now()
    day = _day(request, now)
    context = {
        "figures": figures_of(actor.area_path, day),
        "day": day,
        "today": timezone.localdate(now),
        "now": now,
        "here": "figures",
    }
    return render(request, "alerts/figures.html", context)


def _day(request: HttpRequest, now: datetime) -> date:
    today = timezone.localdate(now)
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return min(asked, today) if asked else today
