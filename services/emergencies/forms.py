"""What strangers say of themselves after they pressed, and where an operator is put through."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.people import phones
from backend.people.errors import BadPhone
from backend.places.datum import Position
from backend.places.geo import on_the_globe
from services.emergencies.actions import Claim


class CallerForm(forms.Form):
    """Who calls, and from where; all of it may stay empty, and nothing is refused."""

    name = forms.CharField(label=_("Your name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Your telephone"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    place = forms.CharField(label=_("Where you are"), max_length=200, required=False)

    def claim(self) -> Claim:
        """What was said, cut to what can be kept."""
        return Claim(
            name=self._text("name"),
            phone=self._text("phone"),
            place=self._text("place"),
            position=_position(self.data.get("position")),
        )

    def _text(self, name: str) -> str:
        field = self.fields[name]
        assert isinstance(field, forms.CharField)  # noqa: S101 - all fields are
        return str(self.data.get(name) or "").replace("\0", "").strip()[: field.max_length]


def _position(sent: Any) -> Position | None:
    """A browser's position, WGS-84."""
    if not isinstance(sent, dict):
        return None
    lat, lon = sent.get("lat"), sent.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return Position(float(lat), float(lon)) if on_the_globe(lat, lon) else None


class DeskPhoneForm(forms.Form):
    """The telephone beside an operator's console."""

    phone = forms.CharField(
        label=_("Telephone beside your console"),
        help_text=_("Callers who want a person ring there while your board is open."),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """The number in its one written form, or none."""
        given = str(self.cleaned_data["phone"]).strip()
        try:
            return phones.normalized(given) if given else ""
        except BadPhone as error:
            raise forms.ValidationError(str(error), code=error.code) from error
