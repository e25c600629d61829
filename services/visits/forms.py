"""What dispatchers fill in: a visit's carers and time, a care plan, an absence."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.people.models import Caregiver, Team
from backend.places.models import Area
from services.visits.board import Candidate
from services.visits.models import Absence, CarePlan, Priority, Service, Visit

WEEKDAYS = [
    ("MO", _("Monday")),
    ("TU", _("Tuesday")),
    ("WE", _("Wednesday")),
    ("TH", _("Thursday")),
    ("FR", _("Friday")),
    ("SA", _("Saturday")),
    ("SU", _("Sunday")),
]
WEEKLY = re.compile(r"FREQ=WEEKLY(?:;INTERVAL=(\d+))?;BYDAY=([A-Z,]+)")
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class BoardForm(forms.Form):
    """Which day of which area."""

    day = forms.DateField(label=_("Day"), required=False, widget=_day_input())
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("all")
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        """Offer the areas and teams of whoever asks."""
        super().__init__(*args, **options)
        ours = Area.objects.filter(path__startswith=actor.area_path).exclude(level="grid")
        self._choices("area").queryset = ours.order_by("path")
        self._choices("area").empty_label = None
        teams = Team.objects.filter(area__path__startswith=actor.area_path)
        self._choices("team").queryset = teams.order_by("name")

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        return field


class AssignForm(forms.Form):
    """Who goes, and when."""

    caregivers = forms.MultipleChoiceField(
        label=_("Who goes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, candidates: Iterable[Candidate], **options: Any) -> None:
        """Offer those who could go."""
        super().__init__(*args, **options)
        field = self.fields["caregivers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared so
        field.choices = [(str(each.caregiver.pk), each.caregiver.name) for each in candidates]


class MoveForm(forms.Form):
    """Another time."""

    starts_at = forms.DateTimeField(
        label=_("Begins at"), widget=_moment_input(), input_formats=MOMENT_FORMATS
    )


class CancelForm(forms.Form):
    """Why it will not be."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Visit.CancelReason.choices)


class AbsenceForm(forms.Form):
    """Who cannot go, and from when to when."""

    caregiver = forms.ModelChoiceField(Caregiver.objects.none(), label=_("Who"))
    starts_at = forms.DateTimeField(
        label=_("From"), widget=_moment_input(), input_formats=MOMENT_FORMATS
    )
    ends_at = forms.DateTimeField(
        label=_("Until"), widget=_moment_input(), input_formats=MOMENT_FORMATS
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Absence.Reason.choices)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        """Offer the caregivers of whoever asks."""
        super().__init__(*args, **options)
        field = self.fields["caregiver"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        field.queryset = Caregiver.objects.filter(
            active=True, area__path__startswith=actor.area_path
        ).order_by("name", "pk")


class CarePlanForm(forms.Form):
    """What somebody is owed, how often and by whom."""

    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    days = forms.MultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    every_weeks = forms.IntegerField(
        label=_("Every how many weeks"), min_value=1, max_value=8, initial=1
    )
    at = forms.TimeField(
        label=_("Begins from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    window_min = forms.IntegerField(
        label=_("May begin within minutes"), min_value=0, max_value=600, initial=30
    )
    duration_min = forms.IntegerField(
        label=_("Lasts minutes"), min_value=5, max_value=720, initial=60
    )
    tasks = forms.CharField(
        label=_("Tasks"),
        help_text=_("One a line, in the order in which they are done."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    instructions = forms.CharField(
        label=_("What to know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    skills = forms.CharField(label=_("Skills"), help_text=_("Separated by commas."), required=False)
    carers_needed = forms.TypedChoiceField(
        label=_("How many go"), choices=[(1, _("one")), (2, _("two together"))], coerce=int
    )
    priority = forms.TypedChoiceField(
        label=_("How urgent"), choices=Priority.choices, coerce=int, initial=Priority.ORDINARY
    )
    starts_on = forms.DateField(label=_("From"), widget=_day_input())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=_day_input())
    except_on = forms.CharField(
        label=_("Not on"), help_text=_("Days as 2026-12-24, separated by commas."), required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_tasks(self) -> list[str]:
        """One a line."""
        lines = [line.strip()[:120] for line in self.cleaned_data["tasks"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean_skills(self) -> list[str]:
        """Commas of both kinds part them."""
        return _parts(self.cleaned_data["skills"])

    def clean_except_on(self) -> list[date]:
        """Days that can be read."""
        try:
            return [date.fromisoformat(each) for each in _parts(self.cleaned_data["except_on"])]
        except ValueError as error:
            raise forms.ValidationError(_("Please write days as 2026-12-24.")) from error

    def details(self) -> dict[str, Any]:
        """Fields of a care plan."""
        given = dict(self.cleaned_data)
        days, weeks = given.pop("days"), given.pop("every_weeks")
        given.pop("version")
        every = f";INTERVAL={weeks}" if weeks > 1 else ""
        return {**given, "rule": f"FREQ=WEEKLY{every};BYDAY={','.join(days)}"}


def _parts(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[,，、]", text) if each.strip()]


def initial_of(plan: CarePlan) -> dict[str, Any]:
    """A plan as its form shows it; a rule that is not weekly shows every day it could name."""
    weekly = WEEKLY.fullmatch(plan.rule)
    every_day = [day for day, _name in WEEKDAYS]
    return {
        "service": plan.service,
        "days": weekly[2].split(",") if weekly else every_day,
        "every_weeks": int(weekly[1] or 1) if weekly else 1,
        "at": plan.at,
        "window_min": plan.window_min,
        "duration_min": plan.duration_min,
        "tasks": "\n".join(plan.tasks),
        "instructions": plan.instructions,
        "skills": ", ".join(plan.skills),
        "carers_needed": plan.carers_needed,
        "priority": plan.priority,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "except_on": ", ".join(day.isoformat() for day in plan.except_on),
        "version": plan.version,
    }


class AskForm(forms.Form):
    """What a resident or their family asks for."""

    service = forms.ChoiceField(label=_("What for"), choices=Service.choices)
    wish = forms.CharField(
        label=_("When would it suit, and what should we know"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WishForm(forms.Form):
    """Another time for a visit."""

    wish = forms.CharField(
        label=_("When would it suit better"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgreeForm(forms.Form):
    """When somebody comes, and for how long."""

    starts_at = forms.DateTimeField(
        label=_("Begins"), input_formats=MOMENT_FORMATS, widget=_moment_input()
    )
    duration_min = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=600, initial=60)


class DeclineForm(forms.Form):
    """Why a visit is not possible."""

    answer = forms.CharField(label=_("Why not"), max_length=200)
