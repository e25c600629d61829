"""What people and staff fill in about requests."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core import clock
from backend.people.models import Contact, Resident
from services.rights import policies
from services.rights.models import RightsRequest
from services.rights.wording import as_entered

Kind, Asker = RightsRequest.Kind, RightsRequest.Asker

FIELDS = [
    ("name", _("name")),
    ("birth_date", _("date of birth")),
    ("id_number", _("identity number")),
    ("phone", _("telephone")),
    ("second_phone", _("second telephone")),
    ("conditions", _("illnesses")),
    ("allergies", _("allergies")),
    ("medicines", _("medicines")),
    (policies.OTHER, _("something else")),
]


def _words(label: Any, *, required: bool = True, empty: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": empty} if empty else {},
    )


class CorrectionForm(forms.Form):
    """What is wrong, and what would be right."""

    about = forms.ChoiceField(label=_("What is wrong?"), choices=FIELDS)
    words = _words(_("What would be right?"), empty=_("Please write here what would be right."))

    def clean(self) -> dict[str, Any]:
        """What would be right, so that it can be entered as it stands."""
        said = super().clean() or {}
        if said.get("about") and said.get("words"):
            _make_right(self, said)
        return said


def _make_right(form: forms.Form, said: dict[str, Any]) -> None:
    try:
        said["words"] = as_entered(said["about"], said["words"], now=clock.now())
    except ValidationError as error:
        form.add_error("words", error)


class KinForm(forms.Form):
    """Kin of somebody who died: what they need it for, and by which paper."""

    proof = _words(
        _("Which paper shows that you are kin, and what do you need it for?"),
        empty=_("Please write which paper it is, and what you need it for."),
    )


class DeskQuestionForm(forms.Form):
    """What is asked, and by whom: it decides what else is to be written down."""

    kind = forms.ChoiceField(label=_("What they ask"), choices=Kind.choices)
    asker = forms.ChoiceField(label=_("Who asks"), choices=RightsRequest.Asker.choices)


class DeskRequestForm(forms.Form):
    """A request by telephone or at the counter, with what its kind and asker need."""

    kind = forms.ChoiceField(label=_("What they ask"), choices=Kind.choices)
    channel = forms.ChoiceField(
        label=_("How they ask"),
        choices=[each for each in RightsRequest.Channel.choices if each[0] != "app"],
    )
    asker = forms.ChoiceField(label=_("Who asks"), choices=RightsRequest.Asker.choices)
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Which of the contacts"),
        required=False,
        empty_label="—",
    )
    relation = forms.ChoiceField(
        label=_("Kin: how"), required=False, choices=[("", "—"), *Contact.Relation.choices]
    )
    name = forms.CharField(label=_("Their name"), required=False, max_length=60)
    phone = forms.CharField(
        label=pgettext_lazy("whoever asks", "Their telephone"), required=False, max_length=20
    )
    proof = _words(_("Kin: which paper, and what for"), required=False)
    about = forms.ChoiceField(
        label=_("Correction: of what"), required=False, choices=[("", "—"), *FIELDS]
    )
    decision = forms.ChoiceField(label=_("Which decision"), required=False)
    words = _words(_("In their words; of a correction, what would be right"), required=False)

    NEEDS: Mapping[str, Sequence[str]] = {
        Kind.CORRECT: ("about", "words"),
        Kind.EXPLAIN: ("decision",),
        Kind.REVIEW: ("decision",),
        Asker.GUARDIAN: ("contact",),
        Asker.KIN: ("relation", "proof"),
    }
    """What may not stay empty, by what is asked and by who asks."""
    WELCOME: Mapping[str, Sequence[str]] = {
        Kind.COPY: ("words",),
        Kind.DELETE: ("words",),
        Kind.FREEZE: ("words",),
        Kind.EXPLAIN: ("words",),
        Kind.REVIEW: ("words",),
        Asker.RESIDENT: ("phone",),
        Asker.KIN: ("contact", "name", "phone"),
    }
    """What is asked for and may stay empty."""
    ALWAYS = ("kind", "asker", "channel")

    def __init__(
        self, *args: Any, resident: Resident, decisions: list[tuple[str, str]], **options: Any
    ) -> None:
        """Offer the resident's contacts, and what was decided about them."""
        super().__init__(*args, **options)
        said = self.data if self.is_bound else self.initial
        wanted = {
            *self.ALWAYS,
            *(
                name
                for key in (said.get("kind", ""), said.get("asker", ""))
                for name in (*self.NEEDS.get(key, ()), *self.WELCOME.get(key, ()))
            ),
        }
        for name in ("kind", "asker"):
            self.fields[name].widget = forms.HiddenInput()
        field, decision = self.fields["contact"], self.fields["decision"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
        assert isinstance(decision, forms.ChoiceField)  # noqa: S101 - declared so
        field.queryset = resident.contacts.all()
        decision.choices = [("", "—"), *decisions]
        for name in self.fields.keys() - wanted:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Nothing that is needed is empty, and a correction can be entered."""
        said = super().clean() or {}
        kind, asker = said.get("kind", ""), said.get("asker", "")
        for name in (*self.NEEDS.get(kind, ()), *self.NEEDS.get(asker, ())):
            if not said.get(name) and not self.has_error(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        if kind == Kind.CORRECT and said.get("about") and said.get("words"):
            _make_right(self, said)
        return said

    @property
    def asked(self) -> dict[str, Any]:
        """As the action takes it."""
        said = dict(self.cleaned_data)
        decision = said.pop("decision", "")
        if said["kind"] in (Kind.EXPLAIN, Kind.REVIEW):
            said["about"] = decision
        return said


class AnswerForm(forms.Form):
    """What they are told with the yes."""

    answer = _words(
        _("What they are told (may stay empty where nothing is to be said)"), required=False
    )

    def __init__(self, *args: Any, needed: bool = False, **options: Any) -> None:
        """`needed`: the answer is what was asked for, and cannot stay empty."""
        super().__init__(*args, **options)
        if needed:
            self.fields["answer"].label = _("What they are told")
            self.fields["answer"].required = True


class RefusalForm(forms.Form):
    """Why not, in plain words."""

    answer = _words(
        _("Why not, in plain words; they hear it"), empty=_("Please say why, in plain words.")
    )


class HoldForm(forms.Form):
    """Why nothing of somebody may be deleted, and until when."""

    reason = _words(_("Why it must be kept"))
    law = forms.CharField(label=_("By which law or document"), max_length=120)
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
