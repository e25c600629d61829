"""Refusals are values of the domain: a code, named data, a translated sentence."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal. Subclasses name one refusal each; edges turn them into RFC 9457 answers."""

    code: ClassVar[str] = "refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT
    message: ClassVar[str | Promise] = _("This cannot be done now.")

    def __init__(self, **data: Any) -> None:
        """Keep the named data; they fill the message and stand in the answer."""
        super().__init__(self.code)
        self.data = data

    def __str__(self) -> str:
        """The sentence in the active language."""
        return str(self.message).format(**self.data)


class NotAllowed(DomainError):
    """The actor may not do this."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
    message = _("Your role does not allow this.")


class NotFound(DomainError):
    """The thing does not exist within the actor's scope."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    message = _("Nothing was found here.")


class Invalid(DomainError):
    """The input cannot be used; `fields` says why."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("Some entries cannot be used.")


class TooLarge(DomainError):
    """More was sent than is read."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = _("This is too large. At most {megabytes} MB is taken at once.")

    def __init__(self, *, megabytes: int = 1) -> None:
        """Say how much is read."""
        super().__init__(megabytes=megabytes)


class TooSlow(DomainError):
    """The message did not arrive in time."""

    code = "too_slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    message = _("The message did not arrive in time. Please send it again.")


class Unavailable(DomainError):
    """The database does not answer; nothing was lost, try again."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _("The service is restarting. Please try again in a few seconds.")


class KeyReused(DomainError):
    """An Idempotency-Key came again with another content."""

    code = "idempotency_key_reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This request key was already used for another request.")
