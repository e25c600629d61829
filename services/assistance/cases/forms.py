"""What officers and applicants fill in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.assistance.cases.applying import staff_near
from services.assistance.cases.grounds import grounds_for
from services.assistance.models import AssistanceCase, HomeVisit, Opinion
from services.assistance.models.cases import GRANTED, Benefit

NOTE_MAX = 500
FEN_A_YUAN = 100
Kind = Opinion.Kind


def _words(label: Any, *, required: bool = True, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ApplicationForm(forms.Form):
    """An application, as an applicant or their family makes it."""

    benefit = forms.ChoiceField(label=_("What for"), choices=Benefit.choices)
    household_size = forms.IntegerField(
        label=_("How many live together"), min_value=1, max_value=30, initial=1
    )
    permits_data_checks = forms.BooleanField(
        label=_("The office may ask other offices and banks about income and property"),
        required=False,
    )


class IntakeForm(ApplicationForm):
    """An application at the counter."""

    is_unstable = forms.BooleanField(
        label=_("The income varies and somebody can work: review every 6 months"), required=False
    )
    is_delegated = forms.BooleanField(
        label=_("The county has handed the decision down to the street"), required=False
    )
    relative_of_staff = forms.CharField(
        label=_("Near relative of"),
        help_text=_("Name and post, if somebody of the household is related to staff."),
        required=False,
        max_length=120,
    )


class NoteForm(forms.Form):
    """Words that may be left out."""

    note = _words(_("Remark"), required=False)


class ReasonForm(forms.Form):
    """Words that are needed."""

    note = _words(_("Reason"))


class PaperForm(forms.Form):
    """Which paper came in."""

    kind = forms.CharField(max_length=30)


class DataForm(NoteForm):
    """What the data check found."""

    conforms = forms.ChoiceField(
        label=_("The data"),
        choices=[("yes", _("meet the conditions")), ("no", _("do not meet the conditions"))],
        widget=forms.RadioSelect,
    )

    @property
    def found(self) -> dict[str, Any]:
        """As the action takes it."""
        return {
            "conforms": self.cleaned_data["conforms"] == "yes",
            "note": self.cleaned_data["note"],
        }


class PlanVisitForm(forms.Form):
    """Who visits, when and how."""

    staff = forms.MultipleChoiceField(
        label=_("Who visits, at least two"), widget=forms.CheckboxSelectMultiple
    )
    planned_at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    way = forms.ChoiceField(label=_("How"), choices=HomeVisit.Way.choices)
    way_reason = forms.CharField(
        label=_("Why not at home"),
        help_text=_("By telephone or video only in a major emergency."),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, case: AssistanceCase, **options: Any) -> None:
        """Offer the staff of the area."""
        super().__init__(*args, **options)
        people = [
            (str(user.pk), f"{user} · {user.get_role_display()}") for user in staff_near(case)
        ]
        self.fields["staff"].choices = people  # type: ignore[attr-defined]


class ProposeForm(NoteForm):
    """An opinion: what, how much, and on which grounds."""

    kind = forms.ChoiceField(label=_("Opinion"), widget=forms.RadioSelect)
    household_size = forms.IntegerField(
        label=_("How many live together"), min_value=1, max_value=30
    )
    amount = forms.DecimalField(
        label=_("Amount a month, yuan"),
        required=False,
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds, if it is not a grant"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["kind", "household_size", "amount", "grounds", "note"]

    def __init__(self, *args: Any, case: AssistanceCase, **options: Any) -> None:
        """Offer what can be proposed where the case stands."""
        super().__init__(*args, **options)
        granted = case.state in GRANTED
        kinds = (Kind.CUT, Kind.STOP) if granted else (Kind.GRANT, Kind.REFUSE)
        self.fields["kind"].choices = [(k.value, k.label) for k in kinds]  # type: ignore[attr-defined]
        self.fields["grounds"].choices = [  # type: ignore[attr-defined]
            (ground.code, f"{ground.text} {'、'.join(ground.articles)}")
            for ground in grounds_for(case.benefit, ends=granted)
        ]
        self.fields["household_size"].initial = case.household_size

    @property
    def opinion(self) -> dict[str, Any]:
        """As the action takes it."""
        kept = dict(self.cleaned_data)
        amount = kept.pop("amount")
        return {**kept, "amount_fen": None if amount is None else int(amount * FEN_A_YUAN)}


class AppealDecisionForm(ReasonForm):
    """How an appeal ended."""

    outcome = forms.ChoiceField(
        label=_("The decision"),
        choices=[("upheld", _("stands")), ("anew", _("is taken back, the case is looked at anew"))],
        widget=forms.RadioSelect,
    )
    field_order = ["outcome", "note"]

    @property
    def decision(self) -> dict[str, Any]:
        """As the action takes it."""
        kept = self.cleaned_data
        return {"is_upheld": kept["outcome"] == "upheld", "note": kept["note"]}


class ClockForm(forms.Form):
    """Which clock, and why."""

    clock = forms.CharField(max_length=16)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    days = forms.IntegerField(min_value=1, max_value=400, required=False)


class VisitForm(forms.Form):
    """What two of the staff saw in a home."""

    household_size = forms.IntegerField(label=_("How many live here"), min_value=1, max_value=30)
    findings = forms.CharField(
        label=_("What you saw and heard"),
        help_text=_("Income, property, food, clothing, housing, what is used every day."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    household_signed_by = forms.CharField(
        label=_("Signature of the household"),
        help_text=_("The person present writes their name here."),
        required=False,
        max_length=60,
    )


class SignForm(forms.Form):
    """Where somebody signs."""

    lat = forms.FloatField(required=False)
    lon = forms.FloatField(required=False)


class HolidayForm(forms.Form):
    """A day that is not as its weekday says."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(label=_("Name"), max_length=40)
    is_workday = forms.BooleanField(label=_("It is worked on"), required=False)
    source = forms.CharField(
        label=_("Source"), help_text=_("Title and number of the notice."), max_length=200
    )


class YearForm(forms.Form):
    """A year whose days are all entered."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    source = forms.CharField(label=_("Source"), max_length=200)
