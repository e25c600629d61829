"""Refusals at the sign-in."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class BadCredentials(DomainError):
    """A wrong name, password or code; which of them is not said."""

    code = "bad_credentials"
    status = HTTPStatus.UNAUTHORIZED
    message = _("The name, the password or the code is not right.")


class BadCode(DomainError):
    """A sign-in code that is wrong, used, too old or was tried too often."""

    code = "bad_code"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This code is not right, or its five minutes are over.")


class BadLink(DomainError):
    """A sign-in link that is unknown, used, too old or not for this account."""

    code = "bad_link"
    status = HTTPStatus.NOT_FOUND
    message = _("This link was used before, or is too old. Please sign in another way.")


class TooManyAttempts(DomainError):
    """A limit is reached; `retry_after_s` says when it ends."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("That was tried too often. Please wait {minutes} min and try again.")


class UsernameTaken(Invalid):
    """Another account has this name."""

    message = _("Another account has this name.")


class PhoneTaken(Invalid):
    """Another account signs in with this number."""

    message = _("Another account signs in with this number.")
