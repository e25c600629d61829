"""Opening a record in an emergency: for a reason, for an hour at most, told and reviewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from backend.accounts import limits
from backend.accounts.actors import Actor
from backend.accounts.models import User
from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import due
from backend.core.contained import contained
from backend.core.errors import Invalid
from backend.people.models import Resident
from services.trust import policies, queries, telling
from services.trust.errors import AlreadyReviewed, InScope, NobodyFound, OwnOpening, StillOpen
from services.trust.finding import Wanted, find_exactly
from services.trust.models import RecordOpening
from services.trust.record import note

Action = AuditRow.Action
SYSTEM = "system:openings"
PORTION, LEASE_S = 100, 30.0


@dataclass(frozen=True)
class Reason:
    """Why a record is opened, and for how long it is asked for; no minutes: as long as allowed."""

    kind: str
    text: str
    minutes: int | None = None


def open_record(
    resident: Resident, *, actor: Actor, reason: Reason, now: datetime
) -> RecordOpening:
    """Let somebody of the staff read what `policies.GRANTED` lists, until the time is over.

    Opening what is open already gives the same one back, and its end stays as it is.

    Raises:
        Invalid: an unknown kind, too short a reason, or minutes beyond what is allowed.
        NotOnShift: a caregiver who is not.
        InScope: they reach the person in the ordinary way.
        TooManyAttempts: they have opened too many.
    """
    span = _checked(reason)
    policies.require_may_open(actor, now=now)
    if queries.reaches(actor, resident):
        raise InScope
    limits.take(policies.OPENINGS, actor.reference, now=now)
    return _opened(resident, actor, reason, span, now)


@transaction.atomic
def _opened(
    resident: Resident, actor: Actor, reason: Reason, span: timedelta, now: datetime
) -> RecordOpening:
    User.objects.select_for_update().get(pk=actor.user_id)
    running = RecordOpening.objects.filter(
        resident=resident, user=actor.user_id, closed_at=None, until_at__gt=now
    ).first()
    if running is not None:
        return running
    opening = RecordOpening.objects.create(
        resident=resident,
        user_id=actor.user_id,
        kind=reason.kind,
        reason=reason.text.strip(),
        opened_at=now,
        until_at=now + span,
        due_at=now + span,
    )
    note(
        opening,
        "opening.opened",
        Action.CREATE,
        reason=opening.kind,
        audience=[actor.reference],
        by=actor.reference,
        now=now,
    )
    return opening


def _checked(reason: Reason) -> timedelta:
    longest = policies.opened_for()
    span = longest if reason.minutes is None else timedelta(minutes=reason.minutes)
    fields: dict[str, list[str]] = {}
    if reason.kind not in RecordOpening.Kind.values:
        fields["kind"] = ["unknown_kind"]
    if not policies.REASON_MIN <= len(reason.text.strip()) <= policies.REASON_MAX:
        fields["reason"] = ["too_short_or_too_long"]
    if not timedelta() < span <= longest:
        fields["minutes"] = ["too_long"]
    if fields:
        raise Invalid(fields=fields)
    return span


def find_and_open(wanted: Wanted, *, actor: Actor, reason: Reason, now: datetime) -> RecordOpening:
    """Find one resident by exactly what is known of them and open their record.

    Each look-up is counted and written down, found or not; what was looked for is not.

    Raises:
        As `open_record`; NobodyFound, SeveralFound: not exactly one fits.
    """
    _checked(reason)
    policies.require_may_open(actor, now=now)
    limits.take(policies.LOOK_UPS, actor.reference, now=now)
    try:
        resident = find_exactly(wanted)
    except NobodyFound:
        record(
            actor=actor.reference,
            action=Action.REFUSED,
            subject="opening:none",
            fields=wanted.known,
            reason="nobody_found",
            now=now,
        )
        raise
    return open_record(resident, actor=actor, reason=reason, now=now)


def note_reading(opening: RecordOpening, *, by: str, now: datetime) -> None:
    """The record is read by an opening; with its reason, every time."""
    record(
        actor=by,
        action=Action.READ,
        subject=opening.reference,
        resident_id=opening.resident_id,
        fields=policies.GRANTED,
        reason=opening.kind,
        now=now,
    )


@transaction.atomic
def close_opening(opening: RecordOpening, *, by: str, now: datetime) -> RecordOpening:
    """It is not needed any more; the person is told now. Again changes nothing."""
    locked = _locked(opening)
    if locked.is_open(now):
        locked.closed_at = now
        _end(locked, now)
        locked.save(update_fields=["closed_at", "told_at", "due_at"])
        _note_end(locked, by=by, now=now)
    return locked


def end_openings(*, now: datetime) -> int:
    """Tell of those whose time is over, and let reviews that nobody has made climb."""
    claimed = due.claim(
        RecordOpening.objects.filter(reviewed_at=None), now=now, lease_s=LEASE_S, limit=PORTION
    )
    for opening in claimed:
        contained(f"the end of opening {opening.pk}", partial(_go_on, opening, now))
    return len(claimed)


@transaction.atomic
def _go_on(opening: RecordOpening, now: datetime) -> None:
    if opening.told_at is None:
        _end(opening, now)
        if due.finish(opening, due_at=opening.due_at, told_at=opening.told_at):
            _note_end(opening, by=SYSTEM, now=now)
        return
    later = policies.climbs_at(
        opening.ended_at, policies.REVIEWED_WITHIN, opening.climbs + 1, now=now
    )
    if due.finish(opening, due_at=later, climbs=opening.climbs + 1):
        telling.tell_that_it_waits(
            opening, template="opening_review_waits", climbs=opening.climbs, now=now
        )


def _end(opening: RecordOpening, now: datetime) -> None:
    """Owe the message to the person, and set when the review climbs first."""
    opening.told_at = now
    opening.due_at = policies.climbs_at(opening.ended_at, policies.REVIEWED_WITHIN, 0, now=now)
    telling.tell_of_opening(opening, now=now)


def _note_end(opening: RecordOpening, *, by: str, now: datetime) -> None:
    note(
        opening,
        "opening.ended",
        Action.CHANGE,
        fields=["closed_at"],
        audience=[f"user:{opening.user_id}"],
        by=by,
        now=now,
    )


@transaction.atomic
def review_opening(
    opening: RecordOpening, *, verdict: str, note_text: str, actor: Actor, now: datetime
) -> RecordOpening:
    """Somebody else judges whether it was right to open the record; once.

    Raises:
        Invalid: an unknown verdict, or a "not right" without a word why.
        StillOpen, OwnOpening, AlreadyReviewed: it is not theirs to judge now.
    """
    if verdict not in RecordOpening.Verdict.values:
        raise Invalid(fields={"verdict": ["unknown_verdict"]})
    if verdict == RecordOpening.Verdict.NOT_JUSTIFIED and not note_text.strip():
        raise Invalid(fields={"note": ["required"]})
    locked = _locked(opening)
    if locked.reviewed_at is not None:
        raise AlreadyReviewed
    if locked.user_id == actor.user_id:
        raise OwnOpening
    if locked.told_at is None:
        raise StillOpen
    locked.verdict, locked.note = verdict, note_text.strip()
    locked.reviewed_by_id, locked.reviewed_at, locked.due_at = actor.user_id, now, None
    locked.save(update_fields=["verdict", "note", "reviewed_by", "reviewed_at", "due_at"])
    note(
        locked,
        "opening.reviewed",
        Action.CHANGE,
        fields=["verdict"],
        reason=verdict,
        audience=[f"user:{locked.user_id}"],
        by=actor.reference,
        now=now,
    )
    return locked


def _locked(opening: RecordOpening) -> RecordOpening:
    return (
        RecordOpening.objects.select_for_update(of=("self",))
        .select_related("resident__area")
        .get(pk=opening.pk)
    )
