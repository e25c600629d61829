"""What officers fill in about offers and entitlements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.policy.rules import LANGUAGE, benefits

End = Entitlement.End
FOLLOW, CHECK, CONFIRM, CHANGED = "follow", "check", "confirm", "changed"


def benefit_choices(language: str = LANGUAGE) -> list[tuple[str, str]]:
    """Benefits by name."""
    return [(name, each.name.said(language)) for name, each in benefits().items()]


class OfferFilter(forms.Form):
    """Which offers of the list; the filters stand in the address."""

    what = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ("", _("all")),
            (FOLLOW, _("to speak with")),
            (CHECK, pgettext_lazy("an entitlement", "to be checked")),
            (CONFIRM, _("to be confirmed")),
            (CHANGED, _("in force, may have changed")),
            ("in_force", _("in force")),
            *BenefitOffer.State.choices,
        ],
    )
    benefit = forms.ChoiceField(label=_("Benefit"), required=False)

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        """Name the benefits in the reader's language."""
        super().__init__(*args, **options)
        self.fields["benefit"].choices = [("", _("all")), *benefit_choices(language)]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the person said to staff."""

    takes = forms.ChoiceField(
        label=pgettext_lazy("to an offer", "What they said"),
        choices=[("yes", _("They take it")), ("no", _("They do not want it"))],
        widget=forms.RadioSelect,
    )


class WordsForm(forms.Form):
    """Words that are needed."""

    text = forms.CharField(
        label=_("What came of it"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CheckForm(forms.Form):
    """What the first officer looks at."""

    is_alive = forms.BooleanField(label=_("I have made sure that the person lives"))
    is_registered = forms.BooleanField(label=_("The household register says what the rule needs"))
    not_elsewhere = forms.BooleanField(label=_("No other place pays the same"))
    account = forms.CharField(label=_("Account it is paid to"), max_length=60)


class EndForm(forms.Form):
    """Why and from when it ends."""

    reason = forms.ChoiceField(
        label=_("Why it ends"),
        choices=[each for each in End.choices if each[0] != End.CHANGED],
    )
    on = forms.DateField(
        label=_("Since when that is so"), widget=forms.DateInput(attrs={"type": "date"})
    )
