"""Refusals at the sign-in."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid, NotAllowed


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


class CsrfFailed(NotAllowed):
    """A session's request without its page's token, or from another site."""

    code = "csrf_failed"
    message = _("Nothing was sent. Please open the page again and repeat what you did.")


class UsernameTaken(Invalid):
    """Another account has this name."""

    message = _("Another account has this name.")


class PhoneTaken(Invalid):
    """Another account signs in with this number."""

    message = _("Another account signs in with this number.")


class BadPasskey(DomainError):
    """A passkey that is unknown, or an answer that is not to our question."""

    code = "bad_passkey"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This passkey did not work here. Please sign in another way.")


class LastFactor(DomainError):
    """Staff would be left without a second factor."""

    code = "last_factor"
    message = _("This is your only second step. Set up another one first.")


class OwnAccount(DomainError):
    """Somebody else has to do this: nobody gives themselves a role or a new factor."""

    code = "own_account"
    message = _("This takes somebody else: not you, and not the person it is for.")


class AdministersAlready(DomainError):
    """System, security and audit administrator never meet in one account."""

    code = "administers_already"
    message = _(
        "This account was another kind of administrator. Please make a new account for this role."
    )


class SecurityMustAgree(DomainError):
    """An administrator's new factor needs a security administrator among the two."""

    code = "security_must_agree"
    message = _("For an administrator, one of the two must be a security administrator.")


class HasBegun(DomainError):
    """The person has chosen a password already, or the account is closed or of no staff."""

    code = "has_begun"
    message = _("This account needs no link to begin any more.")


class NoRecovery(DomainError):
    """Nobody asked, or it is too late to confirm."""

    code = "no_recovery"
    message = _("Nobody has asked for this in the last hour. Please ask again.")


class PasswordExpired(NotAllowed):
    """Signed in, and the password is older than the profile allows."""

    code = "password_expired"
    message = _("Your password is older than 90 days. Please choose another one.")


class BadIdentity(DomainError):
    """What the digital identity's server said cannot be trusted, or is nobody's here.

    `reason` is for the log: what the issuer or our setting did, never what a visitor sent.
    """

    code = "bad_identity"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("This sign-in did not work. Please sign in another way.")
