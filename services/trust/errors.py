"""Refusals about opened records and questions."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class NotOnShift(DomainError):
    """A caregiver opens a record only while on shift."""

    code = "not_on_shift"
    message = _("You can do this only while you are on shift.")


class InScope(DomainError):
    """They reach this person in the ordinary way."""

    code = "in_scope"
    message = _("You reach this person in the ordinary way. Please search for them.")


class NobodyFound(Invalid):
    """No resident is exactly this; said the same whatever it was that did not fit."""

    code = "nobody_found"
    message = _("Nobody is known by exactly this. Please compare each sign.")


class SeveralFound(Invalid):
    """More than one resident is this."""

    code = "several_found"
    message = _("Several people fit this. Please enter the identity number.")


class StillOpen(DomainError):
    """It is reviewed when it is over."""

    code = "still_open"
    message = _("The record is still open. It is reviewed when that is over.")


class OwnOpening(DomainError):
    """Nobody reviews what they did themselves."""

    code = "own_opening"
    message = _("You opened it yourself. A colleague reviews it.")


class AlreadyReviewed(DomainError):
    """Somebody has reviewed it."""

    code = "already_reviewed"
    message = _("A colleague has reviewed it already.")


class NothingSeen(DomainError):
    """There is no such look to ask about."""

    code = "nothing_seen"
    message = _("We know of no such look at this record.")


class AboutOneself(DomainError):
    """Nobody answers for themself."""

    code = "about_oneself"
    message = _("The question is about you. A colleague answers it.")


class AlreadyAnswered(DomainError):
    """Somebody has answered it."""

    code = "already_answered"
    message = _("A colleague has answered it already.")
