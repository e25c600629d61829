"""What the doors of devices refuse."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError


class BadToken(DomainError):
    """No token, or one that is not known any more."""

    code = "bad_credentials"
    status = HTTPStatus.UNAUTHORIZED
    message = _("This token is not known. Nothing was stored.")


class NothingUsable(DomainError):
    """The message holds no observation that can be stored."""

    code = "nothing_usable"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("Nothing in this message can be used.")


class PostOnly(DomainError):
    """The door takes messages and gives none."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = _("This door only takes messages sent with POST.")


class NotAtHome(DomainError):
    """The resident does not live where the device is."""

    code = "not_at_home"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This resident does not live in the home of the device.")


class NameTaken(DomainError):
    """Another device of the same gateway has this name."""

    code = "name_taken"
    status = HTTPStatus.CONFLICT
    message = _("Another device of this gateway has this name already.")


class UnknownCode(DomainError):
    """No device has the code."""

    code = "unknown_code"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("No device has this code. Please compare it with the label.")


class ClaimedElsewhere(DomainError):
    """The device stands in another home."""

    code = "claimed_elsewhere"
    message = _("This device stands in another home. It has to be taken out there first.")
