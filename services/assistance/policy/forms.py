"""What officers enter: facts about people, values of the law; each field as its kind asks."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.assistance.models import EnteredParameter
from services.assistance.policy import vocabulary
from services.assistance.policy.knowledge import Fact, Known
from services.assistance.policy.vocabulary import FEN_A_YUAN, MOST, Word

YES, NO = "yes", "no"


def field_for(word: Word, language: str, *, required: bool = False) -> forms.Field:
    """A field for a fact or parameter; left empty it stays unknown."""
    label = word.words.said(language)
    match word.kind:
        case "money":
            return forms.DecimalField(
                label=label,
                help_text=_("Yuan"),
                required=required,
                min_value=Decimal(0),
                max_digits=11,
                decimal_places=2,
            )
        case "flag":
            answers = [(YES, pgettext_lazy("a fact", "yes")), (NO, pgettext_lazy("a fact", "no"))]
            return _choice(label, answers, required=required)
        case "word":
            known = [(name, each.said(language)) for name, each in word.choices.items()]
            return _choice(label, known, required=required)
        case "percent":
            return forms.IntegerField(
                label=label,
                help_text="%",
                required=required,
                min_value=0,
                max_value=MOST["percent"],
            )
    return forms.IntegerField(
        label=label, required=required, min_value=0, max_value=MOST[word.kind]
    )


def _choice(label: str, known: Sequence[tuple[str, Any]], *, required: bool) -> forms.Field:
    choices = [("", _("not known")), *known]
    return forms.ChoiceField(label=label, choices=choices, required=required)


def value_of(word: Word, cleaned: Any) -> Known | None:
    """What was filled in, as it is kept: money in fen."""
    if cleaned in (None, ""):
        return None
    match word.kind:
        case "money":
            return int(cleaned * FEN_A_YUAN)
        case "flag":
            return bool(cleaned == YES)
        case "word":
            return str(cleaned)
    return int(cleaned)


def filled(word: Word, value: Known | None) -> Any:
    """A kept value as its field shows it."""
    if value is None:
        return None
    match word.kind:
        case "money":
            return Decimal(int(value)) / FEN_A_YUAN
        case "flag":
            return YES if value else NO
    return value


def _day_input() -> forms.DateInput:
    """A browser's own calendar, which reads ISO 8601 only."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FactsForm(forms.Form):
    """Facts about one resident, from one source of one day; what is left empty stays as it is."""

    source = forms.CharField(
        label=_("Source"), help_text=_("Which office, paper or visit says so."), max_length=120
    )
    as_of = forms.DateField(label=_("As of"), widget=_day_input())

    def __init__(
        self,
        *args: Any,
        names: Iterable[str],
        known: dict[str, Fact],
        language: str,
        **options: Any,
    ) -> None:
        """A field for each fact that somebody can enter."""
        super().__init__(*args, **options)
        words = vocabulary.facts()
        self.names = [name for name in names if words[name].comes != "resident"]
        for name in self.names:
            self.fields[name] = field_for(words[name], language)
            fact = known.get(name)
            self.fields[name].initial = filled(words[name], fact.value if fact else None)
        self.order_fields([*self.names, "source", "as_of"])

    @property
    def values(self) -> dict[str, Known]:
        """What was filled in, by name."""
        words = vocabulary.facts()
        found = {name: value_of(words[name], self.cleaned_data[name]) for name in self.names}
        return {name: value for name, value in found.items() if value is not None}


class ParameterForm(forms.Form):
    """A value of the law with its document."""

    level = forms.ChoiceField(label=_("Set by"), choices=EnteredParameter.Level.choices)
    since = forms.DateField(label=_("In force from"), widget=_day_input())
    until = forms.DateField(label=_("To, if it ends"), required=False, widget=_day_input())
    source = forms.CharField(
        label=_("Source"), help_text=_("Title and number of the document."), max_length=200
    )
    field_order = ["value", "level", "since", "until", "source"]

    def __init__(self, *args: Any, name: str, language: str, **options: Any) -> None:
        """The value as the kind of the parameter asks."""
        super().__init__(*args, **options)
        self.word = vocabulary.parameters()[name]
        self.fields["value"] = field_for(self.word, language, required=True)
        self.order_fields(self.field_order)

    @property
    def entered(self) -> dict[str, Any]:
        """As the action takes it."""
        kept = dict(self.cleaned_data)
        return {**kept, "value": value_of(self.word, kept["value"])}
