"""The forms of enrolment, one a step."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backend.core.errors import Invalid
from backend.people import phones
from backend.people.models import Contact, Dialect, Guardianship, Language, Resident
from backend.places.geo import on_the_globe
from backend.places.models import Area
from notifications.models import Channel

PROBLEMS: dict[str, Any] = {
    "bad_phone": _("This is not a telephone number."),
    "id_number_length": _("An identity number has 18 signs, the last a digit or X."),
    "id_number_date": _("The birth date in this identity number does not exist."),
    "id_number_checksum": _("This identity number has a wrong digit. Please compare the card."),
    "differs_from_id_number": _("This differs from the identity number."),
    "in_the_future": _("This day is still to come."),
    "before_last_change": _("This is before the last change."),
    "before_since": _("This is before the first day."),
    "both_or_neither": _("Please give both hours, or neither."),
    "unknown_channel": _("Please choose at least one way."),
    "required": _("Please fill this in."),
    "bad_position": _("This position is nowhere."),
}

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def tell(form: forms.Form, refused: Invalid) -> None:
    """Put what an action refused beside the fields it names."""
    for field, codes in refused.data.get("fields", {}).items():
        words = [PROBLEMS.get(code, refused.message) for code in codes]
        form.add_error(field if field in form.fields else None, [str(word) for word in words])
    if not form.errors:
        form.add_error(None, str(refused))


def _date(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=Day)


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def _text(label: Any, longest: int, help_text: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def _phone(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=30,
        required=required,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


class PersonForm(forms.Form):
    """Who it is."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    id_number = _text(
        _("Identity number"), 20, _("Birth date and sex are read from it."), inputmode="text"
    )
    birth_date = _date(_("Birth date"), help_text=_("Only without identity number."))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Resident.Sex.choices,
        initial=Resident.Sex.UNKNOWN,
        required=False,
        help_text=_("Only without identity number."),
    )
    phone = _phone(_("Telephone"))
    second_phone = _phone(_("Second telephone"))
    mobility = forms.ChoiceField(label=_("Moves"), choices=Resident.Mobility.choices)
    living = forms.MultipleChoiceField(
        label=_("Lives"),
        choices=Resident.Living.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    comes_again = forms.BooleanField(
        label=_("They say themselves that they want to be taken in again"), required=False
    )
    """Shown to nobody but about somebody who was deleted."""

    def details(self) -> dict[str, Any]:
        """Fields of a resident; what the identity number says is left to it."""
        said = dict(self.cleaned_data)
        del said["comes_again"]
        said["sex"] = said["sex"] or Resident.Sex.UNKNOWN
        if said.get("id_number"):
            for name in ("birth_date", "sex"):
                del said[name]
        return said


PERSON_FIELDS = tuple(name for name in PersonForm.base_fields if name != "comes_again")
"""What is kept of a person."""


class HomeForm(forms.Form):
    """Where it is and how to get in."""

    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("Street, number, building, door."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none())
    position = forms.CharField(required=False, widget=forms.HiddenInput)
    door_code = _text(_("Door code"), 60)
    key_holder = _text(_("Who has a key"), 120, _("Name and where, such as: neighbour, 501."))
    entry_notes = forms.CharField(
        label=_("What to know at the door"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_position(self) -> tuple[float, float] | None:
        """Latitude and longitude as the suggestion gave them, or none."""
        said = self.cleaned_data["position"]
        if not said:
            return None
        try:
            lat, lon = (float(each) for each in said.split(","))
        except ValueError as error:
            raise ValidationError(PROBLEMS["bad_position"]) from error
        if not on_the_globe(lat, lon):
            raise ValidationError(PROBLEMS["bad_position"])
        return lat, lon

    def details(self) -> dict[str, Any]:
        """What `save_home` takes."""
        said = dict(self.cleaned_data)
        position = said.pop("position")
        if position:
            said["lat"], said["lon"] = position
        return said


class ContactForm(forms.Form):
    """Somebody to be called."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = forms.ChoiceField(label=_("Relation"), choices=Contact.Relation.choices)
    phone = _phone(_("Telephone"), required=True)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    minutes_to_door = forms.IntegerField(
        label=_("Minutes to the door"), min_value=1, max_value=3000, required=False
    )
    has_key = forms.BooleanField(label=_("has a key"), required=False)

    def clean_phone(self) -> str:
        """A number that can be rung."""
        try:
            return phones.normalized(self.cleaned_data["phone"])
        except Invalid as error:
            raise ValidationError(PROBLEMS["bad_phone"]) from error


class GuardianForm(forms.Form):
    """Who decides for the resident, and by which paper."""

    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Contact.objects.none())
    ground = forms.ChoiceField(label=_("Why"), choices=Guardianship.Ground.choices)
    proof = forms.ChoiceField(label=_("By"), choices=Guardianship.Proof.choices)
    document = _text(_("Document"), 120, _("Kind and number, and where it lies."))
    issued_by = _text(_("Issued by"), 80, _("The court, committee, bureau or notary."))
    since = _date(_("Since"), required=True)
    review_on = _date(_("Look at it again on"), required=True)
    ends_on = _date(_("Ends on"), help_text=_("Empty: until somebody ends it."))

    def clean_document(self) -> str:
        """Without a paper nobody is a guardian."""
        document: str = self.cleaned_data["document"].strip()
        if not document:
            raise ValidationError(PROBLEMS["required"])
        return document


class DeviceCodeForm(forms.Form):
    """The code printed on a device."""

    code = forms.CharField(
        label=_("Code on the device"),
        max_length=120,
        help_text=_("Scan it, or type all of it; spaces and capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    room = _text(_("Where it stands"), 40, _("Such as: bedside, kitchen."))


class PreferenceForm(forms.Form):
    """How the resident wants to be spoken to."""

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    dialect = forms.ChoiceField(label=_("Speaks"), choices=Dialect.choices)
    channels = forms.MultipleChoiceField(
        label=_("Reached by"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Calls for help come by telephone in any case."),
    )
    quiet_from = _time(_("Not before sleep: quiet from"))
    quiet_until = _time(_("Quiet until"))
    ok_at = _time(
        _("Says “I am well” by"), _("Empty: not agreed. Who says nothing by then is asked.")
    )


class LifeStateForm(forms.Form):
    """Where somebody lives from a day on."""

    state = forms.ChoiceField(label=_("Now"), choices=Resident.LifeState.choices)
    since = _date(_("Since"), required=True)
    expected_until = _date(_("Expected back"))


class LabelForm(forms.Form):
    """A device to print a label for."""

    kind = forms.ChoiceField(label=_("Kind"))
    adapter = forms.ChoiceField(label=_("Protocol"), required=False)
    external_id = _text(_("Its own number"), 64, _("IEEE address, IMEI or DevEUI, as printed."))
    model = _text(_("Model"), 30, _("As printed, such as WS101. LoRaWAN sensors are read by it."))


class ImportForm(forms.Form):
    """A table of residents."""

    table = forms.FileField(
        label=_("Table"),
        help_text=_("XLSX, or CSV in UTF-8 or GB18030; at most 5 MB and 20,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class RelativeForm(forms.Form):
    """Somebody of the family who is to see what is shared."""

    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = forms.ChoiceField(
        label=_("Relation"),
        choices=[each for each in Contact.Relation.choices if each[0] != "guardian"],
    )
    phone = _phone(_("Telephone"), required=True)

    def clean_phone(self) -> str:
        """The number in its one written form."""
        try:
            return phones.normalized(self.cleaned_data["phone"])
        except Invalid as error:
            raise ValidationError(str(PROBLEMS["bad_phone"])) from error
