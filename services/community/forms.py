"""What residents, families and staff fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.pictures import MOST_BYTES, BadPicture, Picture, picture_of
from backend.people import phones
from backend.people.errors import BadPhone
from backend.people.models import Resident
from backend.places.models import Area
from services.community.models import Complaint, Order, Service
from services.community.models.orders import DAILY, WEEKDAYS
from services.community.queries import services_for

RULES: Mapping[str, str] = {
    "weekdays": WEEKDAYS,
    "daily": DAILY,
}
REPEATS = [
    ("once", _("only this once")),
    ("weekdays", _("every weekday, Monday to Friday")),
    ("daily", _("every day")),
]
STARS = [
    ("5", _("very good")),
    ("4", _("good")),
    ("3", _("all right")),
    ("2", _("not good")),
    ("1", _("bad")),
]


def _words(label: Any, *, required: bool = True, longest: int = 500) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True)
class When:
    """Once at a moment, or again and again at an hour."""

    wanted_at: datetime | None = None
    rule: str = ""
    at: time | None = None


class WhenForm(forms.Form):
    """One of the buttons of the second step, and a word for whoever brings it."""

    when = forms.CharField(max_length=60)
    note = forms.CharField(
        label=_("Something to know? (may stay empty)"), required=False, max_length=300
    )

    def clean_when(self) -> When:
        """ "at 2026-11-24T11:30+08:00" or "weekdays 11:30"."""
        kind, _space, said = self.cleaned_data["when"].partition(" ")
        try:
            if kind in RULES and (hour := parse_time(said)):
                return When(rule=RULES[kind], at=hour)
            if kind == "at" and (moment := parse_datetime(said)) and moment.tzinfo:
                return When(wanted_at=moment)
        except ValueError:
            pass
        raise forms.ValidationError(_("Please choose one of the times."))


class RatingForm(forms.Form):
    """How it was."""

    rating = forms.TypedChoiceField(
        label=_("How was it?"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    words = _words(_("Something to add? (may stay empty)"), required=False)


class ComplaintForm(forms.Form):
    """What is wrong, in somebody's own words."""

    category = forms.ChoiceField(label=_("What is it about?"), choices=Complaint.Category.choices)
    words = _words(_("What happened?"), longest=2_000)
    photo = forms.FileField(
        label=_("A photo of it (may stay empty)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> Picture | None:
        """The photograph, made anew; its name and what else came with it is left behind."""
        sent = self.cleaned_data["photo"]
        if sent is None:
            return None
        try:
            return picture_of(sent.read(MOST_BYTES + 1))
        except BadPicture as error:
            raise forms.ValidationError(str(error)) from error


class DeskComplaintForm(ComplaintForm):
    """The same, told to the centre by somebody."""

    name = forms.CharField(label=_("Who complains"), required=False, max_length=60)
    phone = forms.CharField(label=_("Their telephone"), required=False, max_length=20)

    def clean_phone(self) -> str:
        """A number that can be rung, or none."""
        said = self.cleaned_data["phone"]
        if not said:
            return ""
        try:
            return phones.normalized(said)
        except BadPhone as error:
            raise forms.ValidationError(_("This is not a full number.")) from error


class DeskOrderForm(forms.Form):
    """An order by telephone."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("What"))
    wanted_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    repeats = forms.ChoiceField(label=_("How often"), choices=REPEATS)
    note = forms.CharField(label=_("What to know"), required=False, max_length=300)

    def __init__(self, *args: Any, resident: Resident, **options: Any) -> None:
        """Offer what is offered where the resident lives."""
        super().__init__(*args, **options)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        field.queryset = services_for(resident.area)

    @property
    def when(self) -> When:
        """As the actions take it."""
        wanted_at: datetime = self.cleaned_data["wanted_at"]
        rule = RULES.get(self.cleaned_data["repeats"], "")
        return When(wanted_at, rule, timezone.localtime(wanted_at).time())

    @property
    def starts_on(self) -> date:
        """The first day it is wanted on."""
        return timezone.localdate(self.cleaned_data["wanted_at"])


class PassOnForm(forms.Form):
    """What becomes of an order: "visit", "call", or a provider's key."""

    to = forms.CharField(max_length=40)


class CancelForm(forms.Form):
    """Why it will not be."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Order.CancelReason.choices)


class ReasonForm(forms.Form):
    """Words that are needed."""

    reason = _words(_("Reason"))


class NoteForm(forms.Form):
    """A word for the history."""

    note = _words(_("Remark"))


class AnswerForm(forms.Form):
    """What was found and done; it is read aloud to whoever complained."""

    answer = _words(_("What was found and done, as it is read to them"))


class CheckForm(forms.Form):
    """What whoever complained said when they were asked."""

    is_right = forms.TypedChoiceField(
        label=_("Was it put right?"),
        choices=[("yes", pgettext_lazy("a complaint", "yes")), ("no", _("no, open it again"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    note = _words(_("What they said"), required=False)


class HotlineForm(forms.Form):
    """A table of the hotline."""

    table = forms.FileField(label=_("CSV of the hotline"))
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Where a ticket names no area"))

    def __init__(self, *args: Any, areas: Any, **options: Any) -> None:
        """Offer the areas of whoever reads it in."""
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        field.queryset = areas
        field.empty_label = None
