"""Refusals about calls for help."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class CallTaken(DomainError):
    """Somebody else has the call."""

    code = "call_taken"
    message = _("Somebody else has this call.")


class CallClosed(DomainError):
    """The call is resolved."""

    code = "call_closed"
    message = _("This call is already resolved.")


class CallOpen(DomainError):
    """The call, or a newer one of the same person, is still open."""

    code = "call_open"
    message = _("A call of this person is still open.")


class CallIdentified(DomainError):
    """It is known whose call it is."""

    code = "call_identified"
    message = _("It is known already who called.")


class NotYours(DomainError):
    """Only the responder of the call, or the desk, may say this."""

    code = "not_yours"
    message = _("Only the responder of this call or the desk can do this.")


class UnknownOutcome(Invalid):
    """The outcome is none of the list."""

    code = "unknown_outcome"
    message = _("Choose one of the outcomes.")


class BadPolicy(Invalid):
    """The escalation policy cannot be used."""

    code = "bad_policy"
    message = _("This escalation policy cannot be used: {why}")
