"""Refusals about people."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class BadPhone(Invalid):
    """Not a telephone number."""

    message = _("This is not a telephone number.")


class BadIdNumber(Invalid):
    """Not an identity number by GB 11643; `why` is length, date or checksum."""

    message = _("This is not an identity number. Please compare it with the card.")


class AlreadyEnrolled(DomainError):
    """Another resident has this identity number."""

    code = "already_enrolled"
    message = _("Somebody with this identity number is already enrolled.")


class WasDeleted(DomainError):
    """They were deleted at their own wish."""

    code = "was_deleted"
    message = _(
        "This person asked to be deleted. They can be taken in again if they say so themselves."
    )


class PersonInUse(DomainError):
    """There are calls, visits or cases about them."""

    code = "person_in_use"
    message = _("There are records about this person, so they cannot be removed.")


class HouseholdInUse(DomainError):
    """Somebody lives there."""

    code = "household_in_use"
    message = _("Somebody lives in this household, so it cannot be removed.")


class BadOrder(Invalid):
    """The order names other contacts than the resident has."""

    message = _("The order must name each contact once.")


class ConsentInForce(DomainError):
    """The same consent is already given."""

    code = "consent_in_force"
    message = _("This consent was already given.")


class NotTheirGuardian(DomainError):
    """Only the person or a guardian consents."""

    code = "not_their_guardian"
    message = _("Only the person themselves or their guardian can decide this.")


class SamePersonLooksTwice(DomainError):
    """A paper is looked at by two people."""

    code = "same_person_looks_twice"
    message = _("You wrote it down yourself. A colleague has to look at the paper, too.")


class GuardianshipOver(DomainError):
    """It has ended, or says no ground; it has to be written down anew."""

    code = "guardianship_over"
    message = _("This does not hold any more. Please enter the guardian anew.")


class TooLateToUndo(DomainError):
    """The last change of life state is older than a day, or the first one."""

    code = "too_late_to_undo"
    message = _("This can be taken back within a day only. Please enter how it is now.")
