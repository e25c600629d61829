"""Refusals about care plans and visits."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class PlanEnded(DomainError):
    """The care plan is over."""

    code = "care_plan_ended"
    message = _("This care plan has ended.")


class PlanChanged(DomainError):
    """Somebody else changed the plan meanwhile."""

    code = "care_plan_changed"
    message = _("Somebody changed this plan meanwhile. Please look at it again.")


class VisitUnderway(DomainError):
    """Somebody is there, or was: it cannot be moved or cancelled any more."""

    code = "visit_underway"
    message = _("This visit has begun. It cannot be changed any more.")


class VisitClosed(DomainError):
    """It is cancelled or missed."""

    code = "visit_closed"
    message = _("This visit is cancelled or over.")


class NotTheirVisit(DomainError):
    """The caregiver is not assigned to it."""

    code = "not_their_visit"
    message = _("This visit is not yours.")


class NotFitting(Invalid):
    """A caregiver who may not be sent there; `fields` says why."""

    code = "carer_not_fitting"
    message = _("This caregiver cannot be sent there.")


class WrongCode(Invalid):
    """The code of the resident is wrong or too old."""

    code = "wrong_visit_code"
    message = _("This is not the code that the resident was given.")


class DayPlanOutdated(DomainError):
    """The day changed since the plan was proposed."""

    code = "day_plan_outdated"
    message = _("The day has changed since this was proposed. Please have it planned again.")


class RequestAnswered(DomainError):
    """The request for a visit was answered, or taken back."""

    code = "visit_request_answered"
    message = _("This request was answered already.")
