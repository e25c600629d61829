"""What is kept of people here: applications, entitlements, what the rules say."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.core.holding import DECISIONS, Blocker, Ending, Holding
from services.assistance.models import AssistanceCase, Entitlement
from services.assistance.models.cases import CLOSED, GRANTED


def _file(
    model: str, label: object, path: str, /, *, emptied: str = "", left_out: object = None
) -> Holding:
    """A paper of a benefit's file: kept until nobody can sue about the decision any more."""
    return Holding(
        f"assistance.{model}",
        label,  # type: ignore[arg-type]
        (path,),
        Ending.KEPT,
        left_out=left_out or {},  # type: ignore[arg-type]
        emptied=dict.fromkeys(emptied.split(), ""),
        law=DECISIONS,
    )


HOLDINGS = (
    _file("AssistanceCase", _("Applications for benefits"), "resident"),
    _file("CaseEvent", _("Steps of applications"), "case__resident", emptied="note by_name"),
    _file("CaseDocument", _("Papers handed in"), "case__resident"),
    _file("CaseNote", _("Remarks on applications"), "case__resident", emptied="text by_name"),
    _file("Deadline", _("Time limits"), "case__resident"),
    _file("HomeVisit", _("Visits for applications"), "case__resident", emptied="findings"),
    _file("Opinion", _("Opinions and decisions"), "case__resident", emptied="note"),
    _file("PublicNotice", _("Public notices"), "case__resident", emptied="name"),
    _file("Letter", _("Letters"), "case__resident"),
    _file("StaffRelative", _("Relatives among staff"), "resident", emptied="staff"),
    _file("KnownFact", _("Facts for benefits"), "resident", emptied="value"),
    _file("Ruling", _("What the rules said, and why"), "resident", emptied="content"),
    _file("BenefitOffer", _("Benefits offered"), "resident", emptied="followed_note"),
    _file("Entitlement", _("Benefits paid"), "resident", emptied="account returned_note"),
    _file("AbilityAssessment", _("Assessments of ability"), "resident", emptied="note"),
    Holding(
        "assistance.Screening",
        _("What the rules say today"),
        ("resident",),
        Ending.ERASED,
    ),
)
NOT_ABOUT = (
    ("assistance.DeadlineStep", "whom of the staff a late application climbed to"),
    ("assistance.VisitStaff", "signatures of staff"),
    ("assistance.EnteredParameter", "values of the law, entered by staff"),
)


def _is_being_decided(resident_id: UUID, _now: datetime) -> bool:
    undecided = AssistanceCase.objects.exclude(state__in=(*CLOSED, *GRANTED))
    return undecided.filter(resident=resident_id).exists()


def _is_paid(resident_id: UUID, _now: datetime) -> bool:
    live = Entitlement.objects.filter(resident=resident_id, state__in=Entitlement.LIVE)
    granted = AssistanceCase.objects.filter(resident=resident_id, state__in=GRANTED)
    return live.exists() or granted.exists()


BLOCKERS = (
    Blocker("open_case", _("An application is not decided yet."), _is_being_decided),
    Blocker("live_entitlement", _("A benefit is being paid. First it must end."), _is_paid),
)
