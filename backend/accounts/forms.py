"""What is asked at the sign-in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import STAFF_ROLES, Role
from backend.people import phones
from backend.people.errors import BadPhone


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
