"""What is asked at the sign-in."""

from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import STAFF_ROLES, Role
from backend.people import phones
from backend.people.errors import BadPhone
from backend.people.models import Caregiver
from backend.places.models import Area


class PhoneForm(forms.Form):
    """The number somebody signs in with."""

    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "autofocus": True}
        ),
    )

    def clean_phone(self) -> str:
        """The number in its one written form."""
        try:
            return phones.normalized(self.cleaned_data["phone"])
        except BadPhone as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class CodeForm(forms.Form):
    """Six digits, from a text or an authenticator app."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "class": "figures",
            }
        ),
    )


class OnlyPasswordForm(forms.Form):
    """The password of somebody whose name is known already."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """The old password, and another."""

    password = forms.CharField(
        label=_("Your password until now"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("The new password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NameForm(forms.Form):
    """What somebody calls their passkey."""

    name = forms.CharField(label=_("Name"), max_length=60)


class RoleForm(forms.Form):
    """Another role for an account of staff."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in Role if role in STAFF_ROLES],
    )


class StaffForm(RoleForm):
    """A new account of staff."""

    field_order = ("name", "username", "role", "area", "caregiver", "phone")

    name = forms.CharField(label=_("Name of the person"), max_length=60)
    username = forms.CharField(
        label=_("Name of the account"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("They sign in with it. Letters and figures, without spaces."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    caregiver = forms.ModelChoiceField(
        Caregiver.objects.none(),
        label=_("Which caregiver"),
        required=False,
        help_text=_("For caregivers only: who of the list it is."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *given: Any, areas: Any, caregivers: Any, **options: Any) -> None:
        """`areas` and `caregivers` in reach of whoever makes it."""
        super().__init__(*given, **options)
        for name, reached in (("area", areas), ("caregiver", caregivers)):
            self.fields[name].queryset = reached  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """The number in its one written form."""
        try:
            return phones.normalized(self.cleaned_data["phone"]) if self.data.get("phone") else ""
        except BadPhone as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def clean(self) -> dict[str, Any]:
        """A caregiver's account is somebody's of the list, and no other account is."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("role") == Role.CAREGIVER and said.get("caregiver") is None:
            self.add_error("caregiver", _("Please choose who it is."))
        if said.get("role") != Role.CAREGIVER:
            said["caregiver"] = None
        return said


class FirstPasswordForm(forms.Form):
    """The password somebody begins with."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )


class ReasonForm(forms.Form):
    """Why somebody needs a new second step."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PasswordForm(forms.Form):
    """Name and password of staff."""

    username = forms.CharField(
        label=_("Name of your account"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
