"""Refusals about reminders and welfare."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class ReminderEnded(DomainError):
    """The reminder asks no more."""

    code = "reminder_ended"
    message = _("This reminder has ended.")


class NotShared(DomainError):
    """The resident does not share reminders with their family."""

    code = "wellbeing_not_shared"
    message = _("Reminders are not shared with you. The resident can allow it.")


class AlreadyAnswered(DomainError):
    """It was answered otherwise before."""

    code = "already_answered"
    message = _("This was already answered.")


class NeverAsks(Invalid):
    """No day and hour of the rule is still to come."""

    code = "never_asks"
    message = _("No time of this reminder is still to come.")


class InQuietHours(Invalid):
    """It would be asked within the hours in which the person wants quiet."""

    code = "in_quiet_hours"
    message = _("At {time} the person wants quiet until {until}. Choose a time outside of it.")
