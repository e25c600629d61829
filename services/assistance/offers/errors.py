"""Refusals about offers and entitlements."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError


class NotOfferable(DomainError):
    """The benefit cannot be offered to this resident now."""

    code = "not_offerable"
    message = _("The conditions are not met, or the amount is not known.")


class NotOpen(DomainError):
    """Nothing is to be asked."""

    code = "offer_not_open"
    message = _("This offer is not open any more.")


class NotReached(DomainError):
    """Nobody who may decide has a telephone."""

    code = "offer_not_reached"
    message = _("Nobody who may decide has a telephone number. Please visit them.")


class AnsweredAlready(DomainError):
    """The offer was taken, and is paid or about to be."""

    code = "offer_answered"
    message = _("This offer was taken already. Please speak with the street office.")


class NotYours(DomainError):
    """Only the person themselves or their guardian answers."""

    code = "offer_not_yours"
    message = _("Only the person themselves or their guardian can answer this.")


class NothingToAnswer(DomainError):
    """What is only told is not taken: it needs an application."""

    code = "offer_needs_application"
    message = _("This benefit needs an application. We help with it.")


class OwnCheck(DomainError):
    """Nobody confirms what they checked or entered themselves."""

    code = "entitlement_own_entry"
    message = _("Whoever entered or checked it cannot confirm it. A colleague must.")


class NotNow(DomainError):
    """The step cannot follow where the entitlement stands."""

    code = "entitlement_not_now"
    message = _("This cannot follow now. Please look at it again.")


class ReasonNeeded(DomainError):
    """Words are needed."""

    code = "reason_needed"
    message = _("Please write why.")
