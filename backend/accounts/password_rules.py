"""Rules for passwords that Django does not bring; `profiles` says when they hold."""

import string

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
WANTED_KINDS = 3


class ThreeOfFourKinds:
    """Small letters, capitals, figures, anything else: three of them at least.

    Source: GB/T 22239-2019, 8.1.4.1 a; it names no figure, three of four is the custom.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password of too few kinds.

        Raises:
            ValidationError: fewer than three kinds.
        """
        del user
        kinds = sum(any(letter in kind for letter in password) for kind in KINDS)
        kinds += any(letter not in "".join(KINDS) for letter in password)
        if kinds < WANTED_KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Use at least three of: small letters, capitals, figures, other signs.")
