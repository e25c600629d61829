"""Filters of the lists of the desk; they stand in the address."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.places.models import Area
from services.emergencies.models import EmergencyCall

OPEN = "open"
LISTED_LEVELS = (Area.Level.DISTRICT, Area.Level.STREET, Area.Level.COMMUNITY)
"""Grids are too many to choose from."""


class DayField(forms.DateField):
    """A day, chosen with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CallFilter(forms.Form):
    """Which calls of the list."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), (OPEN, _("still open")), *EmergencyCall.State.choices],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("all")), *EmergencyCall.Kind.choices],
    )
    area = forms.ModelChoiceField(
        label=_("Area"), required=False, queryset=Area.objects.none(), empty_label=_("all")
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(self, data: Mapping[str, Any], *, area_path: str) -> None:
        """Offer the areas within `area_path`."""
        super().__init__(data)
        areas = Area.objects.filter(path__startswith=area_path, level__in=LISTED_LEVELS)
        choice = cast("forms.ModelChoiceField[Area]", self.fields["area"])
        choice.queryset = areas if area_path else areas.none()

    def apply(self, calls: QuerySet[EmergencyCall]) -> QuerySet[EmergencyCall]:
        """The calls that the filters leave; a filter that cannot be understood leaves all."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("state") == OPEN:
            calls = calls.exclude(state=EmergencyCall.State.RESOLVED)
        elif chosen.get("state"):
            calls = calls.filter(state=chosen["state"])
        if chosen.get("kind"):
            calls = calls.filter(kind=chosen["kind"])
        if chosen.get("area"):
            calls = calls.filter(area_path__startswith=chosen["area"].path)
        if chosen.get("since"):
            calls = calls.filter(opened_at__gte=_midnight(chosen["since"]))
        if chosen.get("until"):
            calls = calls.filter(opened_at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return calls


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
