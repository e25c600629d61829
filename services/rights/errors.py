"""Refusals about what people ask of their data."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class NotNow(DomainError):
    """The request stands where this cannot follow."""

    code = "rights_request_not_now"
    message = _("This cannot follow where the request stands. Please look at it again.")


class SameOfficer(DomainError):
    """Whoever approved a deletion cannot confirm it."""

    code = "rights_same_officer"
    message = _("Somebody else must confirm this, not whoever approved it.")


class Blocked(DomainError):
    """Something stands against the deletion; `reason` says what."""

    code = "rights_deletion_blocked"
    message = _("This cannot be deleted yet. {reason}")


class OnHold(DomainError):
    """A legal hold keeps everything until a day."""

    code = "rights_on_hold"
    message = _("This must be kept until {until} ({law}). It cannot be deleted before.")


class NotDead(DomainError):
    """Kin may ask only once the death is recorded."""

    code = "rights_not_dead"
    message = _("Kin may ask for this only after a death that is recorded here.")


class DecidedOtherwise(DomainError):
    """The person said before their death that kin should not have it."""

    code = "rights_decided_otherwise"
    message = _("The person decided otherwise while they lived.")


class NotForThem(DomainError):
    """Neither the person, nor their guardian."""

    code = "rights_not_for_them"
    message = _("Only the person themselves or their guardian can ask for this.")


class AnswerNeeded(Invalid):
    """A refusal, and an answer, needs words."""

    code = "rights_answer_needed"
    message = _("Please say why, in plain words.")


class CopyEnded(DomainError):
    """The copy was there for a week, and is not any more."""

    code = "rights_copy_ended"
    message = _("This copy has ended. Please ask for a new one.")
