"""The forms of opened records, reviews, answers and guardians' papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.trust.actions.opening import Reason
from services.trust.finding import Wanted
from services.trust.models import LookQuestion, RecordOpening
from services.trust.policies import REASON_MAX, REASON_MIN, opened_for


def _text(label: Any, longest: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OpenForm(forms.Form):
    """Whose record, why, and for how long."""

    phone = _text(_("Telephone"), 40)
    id_number = _text(_("Identity number"), 40)
    name = _text(_("Whole name"), 60, _("Together with the address."))
    address = _text(_("Address, exactly as it is entered"), 200)
    kind = forms.ChoiceField(label=_("Why"), choices=RecordOpening.Kind.choices)
    reason = forms.CharField(
        label=_("What happened"),
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        help_text=_("In a sentence. It is read by whoever reviews it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As long as is allowed, unless less is asked for."""
        super().__init__(*args, **kwargs)
        longest = int(opened_for().total_seconds() // 60)
        field = self.fields["minutes"]
        assert isinstance(field, forms.IntegerField)  # noqa: S101 - declared so
        field.max_value, field.initial = longest, min(30, longest)
        field.widget.attrs["max"] = longest

    def wanted(self) -> Wanted:
        """What is known of the person."""
        said = self.cleaned_data
        return Wanted(said["phone"], said["id_number"], said["name"], said["address"])

    def why(self) -> Reason:
        """Why, and for how long."""
        said = self.cleaned_data
        return Reason(said["kind"], said["reason"], said["minutes"])


class ReviewForm(forms.Form):
    """Was it right?"""

    verdict = forms.ChoiceField(
        label=_("Was it right?"), choices=RecordOpening.Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class AnswerForm(forms.Form):
    """Why they looked."""

    because = forms.ChoiceField(
        label=_("This is written and said to them"), choices=LookQuestion.Because.choices
    )
    answer = forms.CharField(
        label=_("More, on their page only"),
        max_length=500,
        required=False,
        help_text=_("In plain words, as you would say it to them."),
        widget=forms.Textarea({"rows": 3}),
    )


class PaperReviewForm(forms.Form):
    """Until when a paper is to be looked at again."""

    review_on = forms.DateField(
        label=_("Look at it again on"), widget=forms.DateInput(attrs={"type": "date"})
    )
