"""What families and staff fill in: a reminder, a welfare visit, an event."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.people.models import Caregiver
from backend.places.models import Area
from backend.web.forms import OnceForm
from services.wellbeing import policies
from services.wellbeing.models import AreaEvent, Reminder, WelfareContact
from services.wellbeing.words import ONCE, WEEKDAYS

DAILY, ON_DAYS, MONTHLY, SINGLE = "daily", "days", "monthly", "once"
LAST_DAYS = 29
"""From this day of a month on "every month" means its last day: February has no 31st."""
LISTED_LEVELS = (Area.Level.DISTRICT, Area.Level.STREET, Area.Level.COMMUNITY)


def _hour(label: Any, *, required: bool) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class ReminderForm(OnceForm):
    """What to remind of, and when."""

    kind = forms.ChoiceField(label=_("What for"), choices=Reminder.Kind.choices)
    text = forms.CharField(
        label=_("What to say"),
        help_text=_("It is read aloud on the telephone: “one white tablet, after breakfast”."),
        max_length=policies.TEXT_MAX,
    )
    at = _hour(_("At"), required=True)
    at_2 = _hour(_("And at"), required=False)
    at_3 = _hour(_("And at"), required=False)
    repeats = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (DAILY, _("daily")),
            (ON_DAYS, _("on these weekdays")),
            (MONTHLY, _("every month on the day of “from”")),
            (SINGLE, _("once")),
        ],
    )
    days = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=list(WEEKDAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ahead_min = forms.TypedChoiceField(
        label=_("Ask how long before"),
        choices=[(0, _("at that time")), (60, _("an hour before")), (1440, _("a day before"))],
        coerce=int,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Weekdays are named where they are meant."""
        given = super().clean() or {}
        if given.get("repeats") == ON_DAYS and not given.get("days"):
            self.add_error("days", _("Please name at least one day."))
        return given

    def details(self) -> dict[str, Any]:
        """Fields of a reminder."""
        given = self.cleaned_data
        times: list[time] = [
            given[name] for name in ("at", "at_2", "at_3") if given.get(name) is not None
        ]
        return {
            "kind": given["kind"],
            "text": given["text"],
            "times": times,
            "rule": self._rule(),
            "starts_on": given["starts_on"],
            "ends_on": given["ends_on"],
            "ahead_min": given["ahead_min"] or 0,
        }

    def _rule(self) -> str:
        given = self.cleaned_data
        match given["repeats"]:
            case "days":
                return f"FREQ=WEEKLY;BYDAY={','.join(given['days'])}"
            case "monthly":
                day = given["starts_on"].day
                return f"FREQ=MONTHLY;BYMONTHDAY={-1 if day >= LAST_DAYS else day}"
            case "once":
                return ONCE
        return "FREQ=DAILY"


class WelfareForm(OnceForm):
    """How somebody was found."""

    kind = forms.ChoiceField(label=_("How"), choices=WelfareContact.Kind.choices)
    outcome = forms.ChoiceField(
        label=_("How are they"),
        choices=WelfareContact.Outcome.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was found"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EventForm(OnceForm):
    """An event after which everybody at risk is to be heard of."""

    kind = forms.ChoiceField(label=_("What happened"), choices=AreaEvent.Kind.choices)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"), empty_label=None)
    within_h = forms.IntegerField(
        label=_("Within hours"), min_value=1, max_value=72, initial=policies.EVENT_WITHIN_H
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        """Offer the areas of whoever asks."""
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        if actor.area_path:
            field.queryset = Area.objects.filter(
                path__startswith=actor.area_path, level__in=LISTED_LEVELS
            ).order_by("path")


class AssignForm(forms.Form):
    """Who owes the next contact."""

    caregiver = forms.ModelChoiceField(
        Caregiver.objects.none(), label=_("With"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args: Any, area_path: str, **options: Any) -> None:
        """Offer those of the district."""
        super().__init__(*args, **options)
        field = self.fields["caregiver"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        root = area_path.partition(".")[0] + "."
        field.queryset = Caregiver.objects.filter(
            active=True, area__path__startswith=root
        ).order_by("name", "pk")
