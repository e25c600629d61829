"""What the administrator fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.webhooks.actions import Wish
from backend.webhooks.models import Webhook
from backend.webhooks.policies import TOLD

KINDS = [
    ("call.*", _("calls for help")),
    ("alert.*", _("alerts")),
    ("visit.*", _("visits")),
    ("order.*", _("orders")),
    ("complaint.*", _("complaints")),
    ("device.*", _("devices")),
    ("area.*", _("areas")),
]
assert {value.partition(".")[0] for value, _word in KINDS} == TOLD  # noqa: S101 - both lists are ours


class WebhookForm(forms.Form):
    """A system, its address, and what it is told."""

    label = forms.CharField(label=_("Which system"), max_length=60)
    url = forms.CharField(
        label=_("Its address"),
        max_length=500,
        help_text=_("It begins with https://. Addresses of our own network are not called."),
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    types = forms.MultipleChoiceField(
        label=_("What it is told"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    active = forms.BooleanField(label=_("It is told now"), required=False, initial=True)

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookForm":
        """Filled in as it stands."""
        return cls(
            initial={
                "label": webhook.label,
                "url": webhook.url,
                "types": webhook.types,
                "active": webhook.active,
            }
        )

    @property
    def wish(self) -> Wish:
        """As the actions take it."""
        said = self.cleaned_data
        return Wish(said["label"], said["url"], said["types"])
