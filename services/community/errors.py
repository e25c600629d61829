"""Refusals about services, orders and complaints."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class TooManyPhotos(DomainError):
    """More photographs than are kept with one complaint."""

    code = "too_many_photos"
    message = _("No more than {most} photos can be kept with it.")


class NotOffered(DomainError):
    """The service is not offered where the resident lives, or not any more."""

    code = "service_not_offered"
    message = _("This service is not offered here.")


class NotAtThatTime(Invalid):
    """Too soon, in the past, or nobody brings it then."""

    code = "not_at_that_time"
    message = _("It cannot be had at that time. Please choose another.")


class NotLivingHere(DomainError):
    """The resident has moved away or died."""

    code = "not_living_here"
    message = _("Nothing can be ordered for somebody who does not live here any more.")


class NotShared(DomainError):
    """A family member with whom the resident does not share who comes."""

    code = "visits_not_shared"
    message = _("The resident does not share with you who comes. They can allow it.")


class OrderedAlready(DomainError):
    """The same comes again at that hour already."""

    code = "ordered_already"
    message = _("This is ordered for that hour already.")


class NotNow(DomainError):
    """The order stands where this cannot follow."""

    code = "order_not_now"
    message = _("This cannot follow where the order stands. Please look at it again.")


class TooLateToCancel(DomainError):
    """It is being made, or on its way."""

    code = "too_late_to_cancel"
    message = _("It is too late to cancel this here. Please ring the care centre.")


class HelpIsCalled(DomainError):
    """A call for help of the resident runs; whoever looks after it speaks with them."""

    code = "help_is_called"
    message = _("A call for help of theirs runs. Please ring back when it is over.")


class DoesNotServe(Invalid):
    """The provider does not bring this, there, or then."""

    code = "provider_does_not_serve"
    message = _("This provider does not bring it there at that time.")


class NoCapacity(DomainError):
    """The provider brings no more on that day."""

    code = "provider_full"
    message = _("This provider is full on that day.")


class ComplaintNotNow(DomainError):
    """The complaint stands where this cannot follow."""

    code = "complaint_not_now"
    message = _("This cannot follow where the complaint stands. Please look at it again.")


class NotCheckedYet(DomainError):
    """It is closed only after somebody asked whether it was put right."""

    code = "complaint_not_checked"
    message = _("Please ask first whether it was put right; three tries are needed.")


class LinkEnded(DomainError):
    """The link does not open anything any more."""

    code = "provider_link_ended"
    message = _("This link has ended. Please ask the care centre for a new one.")


class BadTable(Invalid):
    """The hotline's table cannot be read."""

    code = "bad_hotline_table"
    message = _("This table cannot be read. It must be CSV with the columns of the hotline.")
