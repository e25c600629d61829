"""Assessing and signing: two assessors, and what came of it becomes a fact of the rules."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import DomainError, Invalid
from backend.people.models import Resident
from services.assistance.ability.scale import level_of, scale
from services.assistance.models import AbilityAssessment


class AssessmentOpen(DomainError):
    """One waits for its second assessor."""

    code = "ability_open"
    message = _("An assessment of this person waits for the second signature.")


class OwnAssessment(DomainError):
    """The second assessor is another person."""

    code = "ability_own"
    message = _("You assessed yourself. A second assessor must sign.")


class SignedAlready(DomainError):
    """It is final or dropped."""

    code = "ability_final"
    message = _("This assessment is final.")


@transaction.atomic
def assess(
    resident: Resident,
    *,
    scores: Mapping[str, int],
    reason: str,
    is_in_coma: bool = False,
    has_dementia: bool = False,
    has_psychiatric_diagnosis: bool = False,
    risk_events: Mapping[str, int] | None = None,
    totals: Mapping[str, int] | None = None,
    informant: str = "",
    note: str = "",
    by: UUID,
    now: datetime,
) -> AbilityAssessment:
    """Keep what the first assessor scored; it counts when a second one has signed.

    Raises:
        ScoresWrong, TotalsDoNotSum, ComaContradicted: it is not what the scale allows.
        AssessmentOpen: another waits for its second signature.
    """
    events = {name: count for name, count in (risk_events or {}).items() if count}
    if not events.keys() <= scale().risk_events.keys() or any(n < 0 for n in events.values()):
        raise Invalid(fields={"risk_events": ["unknown"]})
    result = level_of(
        scores,
        is_in_coma=is_in_coma,
        has_diagnosis=has_dementia or has_psychiatric_diagnosis,
        risk_events=sum(events.values()),
        totals=totals,
    )
    try:
        with transaction.atomic():
            row = AbilityAssessment.objects.create(
                resident=resident,
                area=resident.area,
                scale=scale().scale,
                reason=reason,
                scores=dict(scores),
                **result.totals,
                total=result.total,
                is_in_coma=is_in_coma,
                has_dementia=has_dementia,
                has_psychiatric_diagnosis=has_psychiatric_diagnosis,
                risk_events=events,
                steps_worse=result.steps_worse,
                preliminary_level=result.preliminary_level,
                level=result.level,
                informant=informant,
                note=note,
                assessed_at=now,
                assessed_by_id=by,
            )
    except IntegrityError as error:
        if "ability_unsigned_once" in str(error):
            raise AssessmentOpen from error
        raise
    _note(row, "assessed", by=by, now=now)
    return row


@transaction.atomic
def sign(assessment: AbilityAssessment, *, by: UUID, now: datetime) -> AbilityAssessment:
    """The second assessor agrees: it is final. Signing again changes nothing.

    Raises:
        OwnAssessment: it is their own.
        SignedAlready: it was dropped, or somebody else has signed.
    """
    if assessment.assessed_by_id == by:
        raise OwnAssessment
    signed = AbilityAssessment.objects.filter(
        pk=assessment.pk, signed_at=None, dropped_at=None
    ).update(signed_by=by, signed_at=now)
    assessment.refresh_from_db()
    if not signed and assessment.signed_by_id != by:
        raise SignedAlready
    if signed:
        _note(assessment, "signed", by=by, now=now)
    return assessment


@transaction.atomic
def drop(assessment: AbilityAssessment, *, by: UUID, now: datetime) -> AbilityAssessment:
    """One of them does not agree: it is done anew. What is final stays.

    Raises:
        SignedAlready: it is final.
    """
    dropped = AbilityAssessment.objects.filter(
        pk=assessment.pk, signed_at=None, dropped_at=None
    ).update(dropped_at=now)
    assessment.refresh_from_db()
    if not dropped and assessment.is_final:
        raise SignedAlready
    if dropped:
        _note(assessment, "dropped", by=by, now=now)
    return assessment


def _note(row: AbilityAssessment, what: str, *, by: UUID, now: datetime) -> None:
    record(
        actor=f"user:{by}",
        action=AuditRow.Action.CHANGE,
        subject=row.reference,
        resident_id=row.resident_id,
        fields=["ability"],
        now=now,
    )
    journal.append(
        row.reference,
        f"ability.{what}",
        at=now,
        by=f"user:{by}",
        area_path=row.area.path,
        data={"day": timezone.localdate(now).isoformat()},
    )
