"""A complaint is dealt with: given to somebody, answered, checked back, and only then closed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.core.errors import Invalid
from notifications import preferences
from notifications.actions import owe, stop
from notifications.models import Channel, Delivery
from services.alerts.actions import raise_alert, resolve_cleared
from services.alerts.models import Alert
from services.community import policies
from services.community.actions.locking import locked_complaint
from services.community.complainants import complainant_of
from services.community.doers import Doer
from services.community.errors import ComplaintNotNow, NotCheckedYet
from services.community.limits import limit_of
from services.community.models import Complaint
from services.community.record import note_complaint

State, Outcome = Complaint.State, Complaint.Outcome

ANSWER_MAX = 500
NOTE_MAX = 500


@transaction.atomic
def assign(complaint: Complaint, *, to: User, by: Doer, now: datetime) -> Complaint:
    """Give a complaint to somebody of the staff. To the one who has it changes nothing.

    Raises:
        ComplaintNotNow: it is over.
    """
    complaint = locked_complaint(complaint)
    _require(complaint, *Complaint.LIVE, State.SUGGESTED)
    if complaint.owner_id != to.pk:
        complaint.owner = to
        complaint.save(update_fields=["owner"])
        note_complaint(complaint, "assigned", by=by, now=now, note=str(to))
    return complaint


@transaction.atomic
def answer(complaint: Complaint, *, text: str, by: Doer, now: datetime) -> Complaint:
    """Say what was found and done; whoever complained is rung and asked if it is put right.

    Raises:
        ComplaintNotNow: it is not open.
        Invalid: nothing is said, or too much to be read aloud.
    """
    text = " ".join(text.split())
    if not text or len(text) > ANSWER_MAX:
        raise Invalid(fields={"answer": ["empty_or_too_long"]})
    complaint = locked_complaint(complaint)
    _require(complaint, State.OPEN)
    complaint.answer, complaint.answered_at = text, now
    complaint.answered_by, complaint.answered_by_name = by.reference, by.name
    complaint.state, complaint.asked_times = State.ANSWERED, 0
    complaint.outcome, complaint.checked_at, complaint.checked_by = "", None, ""
    complaint.due_at, complaint.overdue_since = now, None
    complaint.lease_until = complaint.lease_token = None
    complaint.save()
    note_complaint(complaint, "answered", by=by, now=now, note=text)
    clear_complaint_alert(complaint, by=by, now=now)
    return ask_if_right(complaint, by=by, now=now)


@transaction.atomic
def ask_if_right(complaint: Complaint, *, by: Doer, now: datetime) -> Complaint:
    """Ring whoever complained, by day; 1 it is put right, 2 it is not. Tried on three days.

    Whoever has no number is asked by the desk. Afterwards it waits on the desk's board.
    """
    complaint = locked_complaint(complaint)
    _require(complaint, State.ANSWERED)
    to = complainant_of(complaint)
    if to is None or complaint.asked_times >= policies.ASK_AT_MOST:
        complaint.due_at, complaint.overdue_since = None, complaint.overdue_since or now
        complaint.lease_until = complaint.lease_token = None
        complaint.save()
        return complaint
    chosen = preferences.preference_of(to.reference)
    rings_at = preferences.after_quiet_hours(chosen, policies.rings_at(now))
    complaint.asked_times += 1
    complaint.due_at = rings_at + policies.ASK_AGAIN_AFTER
    complaint.lease_until = complaint.lease_token = None
    complaint.save()
    owe(
        cause=complaint.reference,
        step_run=f"check.{complaint.reopened}.{complaint.asked_times}",
        to=to,
        channel=Channel.VOICE,
        template="complaint_check",
        context={"day": timezone.localdate(complaint.received_at).isoformat()},
        secret=complaint.answer,
        asks=True,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        area_path=complaint.area.path,
        resident_id=complaint.resident_id,
        due_at=rings_at,
        expires_at=rings_at + policies.ASK_AGAIN_AFTER - timedelta(hours=1),
    )
    note_complaint(complaint, "asked", by=by, now=now)
    return complaint


@transaction.atomic
def check(
    complaint: Complaint, *, is_right: bool, note: str = "", by: Doer, now: datetime
) -> Complaint:
    """Keep what whoever complained says: put right closes it, not put right opens it again.

    The same said again changes nothing.

    Raises:
        ComplaintNotNow: it was not answered, or is closed.
    """
    complaint = locked_complaint(complaint)
    said = Outcome.RIGHT if is_right else Outcome.NOT_RIGHT
    if complaint.state != State.ANSWERED and complaint.outcome == said:
        return complaint
    _require(complaint, State.ANSWERED)
    complaint.outcome, complaint.checked_at, complaint.checked_by = said, now, by.reference
    if is_right:
        return _close(complaint, by=by, now=now, note=note)
    complaint.reopened += 1
    limit = limit_of(complaint.category)
    complaint.state, complaint.limit = State.OPEN, limit.as_kept()
    complaint.ends_at = complaint.due_at = limit.ends_at(now)
    complaint.overdue_since = complaint.lease_until = complaint.lease_token = None
    complaint.save()
    note_complaint(complaint, "reopened", by=by, now=now, note=note)
    _stop_asking(complaint, except_person=by.reference, now=now)
    return complaint


@transaction.atomic
def give_up(complaint: Complaint, *, reason: str, by: Doer, now: datetime) -> Complaint:
    """Close what cannot be checked back, as nobody answers; whoever leads says so.

    Raises:
        NotCheckedYet: it was not tried three times, and somebody could be asked.
        ComplaintNotNow: it was not answered.
        Invalid: no reason is given.
    """
    complaint = locked_complaint(complaint)
    _require(complaint, State.ANSWERED)
    if not reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    can_be_asked = complainant_of(complaint) is not None
    if can_be_asked and complaint.asked_times < policies.ASK_AT_MOST:
        raise NotCheckedYet
    complaint.outcome, complaint.checked_at = Outcome.UNREACHED, now
    complaint.checked_by = by.reference
    return _close(complaint, by=by, now=now, note=reason)


@transaction.atomic
def add_note(complaint: Complaint, *, text: str, by: Doer, now: datetime) -> Complaint:
    """Write something down in the history.

    Raises:
        Invalid: nothing is written, or too much.
    """
    text = text.strip()
    if not text or len(text) > NOTE_MAX:
        raise Invalid(fields={"note": ["empty_or_too_long"]})
    note_complaint(locked_complaint(complaint), "note", by=by, now=now, note=text)
    return complaint


def _close(complaint: Complaint, *, by: Doer, now: datetime, note: str) -> Complaint:
    complaint.state, complaint.closed_at = State.CLOSED, now
    complaint.due_at = complaint.overdue_since = None
    complaint.lease_until = complaint.lease_token = None
    complaint.save()
    note_complaint(complaint, "closed", by=by, now=now, note=note)
    _stop_asking(complaint, except_person=by.reference, now=now)
    clear_complaint_alert(complaint, by=by, now=now)
    return complaint


def _stop_asking(complaint: Complaint, *, except_person: str, now: datetime) -> None:
    """End what is still asked, but for the telephone on which it was just answered."""
    stop(cause=complaint.reference, except_person=except_person, now=now)


def raise_complaint_alert(complaint: Complaint, *, now: datetime) -> Alert:
    """An overdue complaint is an alert, which climbs until it is answered."""
    return raise_alert(
        kind=Alert.Kind.COMPLAINT_OVERDUE,
        area=complaint.area,
        resident=complaint.resident,
        source_device=None if complaint.resident_id else complaint.pk,
        detail={"complaint": str(complaint.pk)},
        now=now,
    )


def clear_complaint_alert(complaint: Complaint, *, by: Doer, now: datetime) -> None:
    """Close the alert once no complaint about the same resident is overdue."""
    if complaint.resident_id:
        others = Complaint.objects.filter(
            resident=complaint.resident_id, state=State.OPEN, overdue_since__isnull=False
        )
        if others.exists():
            return
    resolve_cleared(
        kind=Alert.Kind.COMPLAINT_OVERDUE,
        resident=complaint.resident,
        source_device=None if complaint.resident_id else complaint.pk,
        by=by.reference,
        note="",
        now=now,
    )


def _require(complaint: Complaint, *states: str) -> None:
    if complaint.state not in states:
        raise ComplaintNotNow
