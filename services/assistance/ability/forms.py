"""The form of an assessment on a telephone: a question, its answers, one tap each."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.assistance.ability.scale import Group, Scale, scale
from services.assistance.models import AbilityAssessment


def field_name(code: str) -> str:
    """An item's code as the name of a field: B1.1 is b1-1."""
    return code.lower().replace(".", "-")


class AssessmentForm(forms.Form):
    """26 items, diagnoses, events of the last 30 days, why and who told."""

    reason = forms.ChoiceField(label=_("Why now"), choices=AbilityAssessment.Reason.choices)
    is_in_coma = forms.BooleanField(label=_("In a coma"), required=False)
    has_dementia = forms.BooleanField(
        label=_("Dementia was diagnosed (ICD-10 F00 to F03)"), required=False
    )
    has_psychiatric_diagnosis = forms.BooleanField(
        label=_("A psychiatrist diagnosed another disorder (F04 to F99)"), required=False
    )
    informant = forms.CharField(
        label=_("Who told, if not the person"), required=False, max_length=60
    )
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        """A field for each item and each kind of event."""
        super().__init__(*args, **options)
        self.language = language
        for item in self.scale.items.values():
            self.fields[field_name(item.code)] = forms.TypedChoiceField(
                label=f"{item.code} {item.name.said(language)}",
                help_text=item.ask.said(language),
                choices=[(o.points, f"{o.points} · {o.says.said(language)}") for o in item.options],
                coerce=int,
                widget=forms.RadioSelect,
            )
        for kind, words in self.scale.risk_events.items():
            self.fields[f"event-{kind}"] = forms.IntegerField(
                label=words.said(language), required=False, min_value=0, max_value=99
            )

    @property
    def scale(self) -> Scale:
        """The scale in use."""
        return scale()

    @property
    def groups(self) -> Iterator[tuple[Group, str, list[Any]]]:
        """Each group with its name and its fields."""
        for group in self.scale.groups:
            fields = [self[field_name(item.code)] for item in group.items]
            yield group, group.name.said(self.language), fields

    @property
    def events(self) -> list[Any]:
        """The fields of care-risk events."""
        return [self[f"event-{kind}"] for kind in self.scale.risk_events]

    @property
    def assessed(self) -> dict[str, Any]:
        """As the action takes it."""
        kept = self.cleaned_data
        own = ("reason", "is_in_coma", "has_dementia", "has_psychiatric_diagnosis")
        return {
            **{name: kept[name] for name in (*own, "informant", "note")},
            "scores": {code: kept[field_name(code)] for code in self.scale.items},
            "risk_events": {kind: kept[f"event-{kind}"] or 0 for kind in self.scale.risk_events},
        }
