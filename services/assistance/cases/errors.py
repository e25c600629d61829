"""Refusals about cases."""

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, Invalid


class CaseOpen(DomainError):
    """There is a case of this person for this benefit."""

    code = "case_open"
    message = _("There is a case already: {number}.")


class NotNow(DomainError):
    """The event cannot follow where the case stands."""

    code = "case_not_now"
    message = _("This cannot follow now. Please look at the case again.")


class NotYourStep(DomainError):
    """The step is another office's."""

    code = "case_not_your_step"
    message = _("This step is done by another office.")


class OwnEntry(DomainError):
    """Nobody confirms what they entered or proposed themselves."""

    code = "case_own_entry"
    message = _("Whoever entered or proposed it cannot confirm it. A colleague must.")


class PapersMissing(DomainError):
    """Papers of the checklist are not there."""

    code = "case_papers_missing"
    message = _("Papers are missing still.")


class NothingMissing(DomainError):
    """All papers are there."""

    code = "case_nothing_missing"
    message = _("Nothing is missing. The case can be accepted.")


class NotAuthorised(DomainError):
    """The household has not allowed the data checks."""

    code = "case_not_authorised"
    message = _("The household has not permitted the data checks yet.")


class NoConsent(DomainError):
    """The resident does not share this with their family."""

    code = "case_no_consent"
    message = _("The resident does not share benefits with you.")


class TwoNeeded(Invalid):
    """A home visit is made by two."""

    code = "case_two_needed"
    message = _("At least two of the staff must visit.")


class CountyVisitNeeded(DomainError):
    """The family is related to staff, so the county must see the home itself."""

    code = "case_county_visit_needed"
    message = _("The family is related to staff: the county must visit the home before it decides.")


class NotAVisitor(DomainError):
    """Only who visits signs."""

    code = "case_not_a_visitor"
    message = _("Only those who visit can sign.")


class ArticleNeeded(Invalid):
    """A refusal, a cut or a stop names its grounds."""

    code = "case_article_needed"
    message = _("Name at least one ground with its article.")


class NotRunning(DomainError):
    """The clock is stopped, paused, or runs already."""

    code = "case_clock_not_running"
    message = _("This clock cannot be changed so now.")


class ReasonNeeded(Invalid):
    """Something needs a reason."""

    code = "case_reason_needed"
    message = _("Please give a reason.")
