"""Invented content of the living style page, long names and odd cases included."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(
        label=_("Phone"), help_text=_("The number we ring first, for example 138 1234 5678.")
    )
    alone = forms.BooleanField(label=_("Lives alone"), required=False)
    language = forms.ChoiceField(
        label=_("Speaks"), choices=[("zh", _("Mandarin")), ("wuu", _("Wu"))]
    )
    reach = forms.ChoiceField(
        label=_("Reached by"),
        choices=[("phone", _("phone call")), ("text", _("text message"))],
        widget=forms.RadioSelect,
    )
    notes = forms.CharField(
        label=_("Notes for who comes"), widget=forms.Textarea(attrs={"rows": 2})
    )


def context(audience: str, now: datetime) -> dict[str, Any]:
    """Everything the style page shows to an audience."""
    wrong = SampleForm({"name": "阿卜杜拉·买买提", "phone": "", "language": "zh"})
    wrong.is_valid()
    return {
        "audience": audience,
        "base": f"web/{audience}_base.html",
        "now": now,
        "form": wrong,
        "page_obj": Paginator(range(95), 10).page(3),
        "rung_at": now - timedelta(seconds=47),
        "accepted_at": now - timedelta(minutes=3, seconds=7),
        "due_at": now + timedelta(minutes=12),
        "yesterday": now - timedelta(days=1),
        "last_year": now - timedelta(days=400),
        "map": {
            "center": [31.5747, 120.3016],
            "zoom": 14,
            "areas": [[[31.565, 120.285], [31.585, 120.285], [31.588, 120.32], [31.566, 120.322]]],
            "marks": [
                {"lat": 31.5747, "lon": 120.3016, "kind": "call", "name": gettext("ringing")},
                {"lat": 31.579, "lon": 120.312, "kind": "person", "name": "王敏"},
            ],
        },
    }
