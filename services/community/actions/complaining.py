"""A complaint comes in: made, told, suggested by a low rating, or from the hotline."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from backend.core.errors import Invalid
from backend.people.models import Language, Resident
from backend.places.models import Area
from notifications.actions import owe_as_preferred
from services.community.actions.locking import locked_complaint
from services.community.complainants import complainant_of
from services.community.doers import Doer
from services.community.errors import ComplaintNotNow
from services.community.limits import Limit, limit_of
from services.community.models import Complaint, Order
from services.community.record import note_complaint

Category, State, Source = Complaint.Category, Complaint.State, Complaint.Source

WORDS_MAX = 2_000


@transaction.atomic
def complain(
    *,
    area: Area,
    category: str,
    words: str,
    source: str,
    resident: Resident | None = None,
    order: Order | None = None,
    name: str = "",
    phone: str = "",
    language: str = Language.ZH,
    hotline_number: str = "",
    received_at: datetime | None = None,
    limit: tuple[Limit, datetime] | None = None,
    by: Doer,
    now: datetime,
) -> Complaint:
    """Take a complaint down and start its clock; `limit` where somebody else set one.

    Raises:
        Invalid: nothing is said, too much, or an unknown category.
    """
    words = words.strip()
    if not words or len(words) > WORDS_MAX:
        raise Invalid(fields={"words": ["empty_or_too_long"]})
    if category not in Category.values:
        raise Invalid(fields={"category": ["unknown"]})
    received_at = min(received_at or now, now)
    complaint = Complaint(
        area=area,
        resident=resident,
        order=order,
        provider=order.provider if order else None,
        source=source,
        hotline_number=hotline_number,
        category=category,
        words=words,
        name=name[:60],
        phone=phone,
        language=language,
        made_by=by.reference,
        received_at=received_at,
    )
    _start_clock(complaint, limit, received_at)
    complaint.save()
    note_complaint(complaint, "received", by=by, now=now)
    _tell_received(complaint, now=now)
    return complaint


def _start_clock(
    complaint: Complaint, limit: tuple[Limit, datetime] | None, since: datetime
) -> None:
    """Let a complaint be answered within its limit from this moment on."""
    own = limit_of(complaint.category)
    kept, ends_at = limit or (own, own.ends_at(since))
    complaint.state, complaint.limit = State.OPEN, kept.as_kept()
    complaint.ends_at = complaint.due_at = ends_at
    complaint.overdue_since = None


def _tell_received(complaint: Complaint, *, now: datetime) -> None:
    to = complainant_of(complaint)
    # The hotline tells those who rang it.
    if to is None or complaint.ends_at is None or complaint.source == Source.HOTLINE:
        return
    last_day = timezone.localdate(complaint.ends_at - timedelta(minutes=1))
    owe_as_preferred(
        cause=complaint.reference,
        step_run="received",
        to=to,
        template="complaint_received",
        context={"day": last_day.isoformat()},
        now=now,
        area_path=complaint.area.path,
        resident_id=complaint.resident_id,
    )


@transaction.atomic
def suggest_complaint(order: Order, *, by: Doer, now: datetime) -> Complaint:
    """A low rating may be a complaint: it waits for whoever rated, or for the desk, to say so."""
    standing = Complaint.objects.filter(order=order).first()
    words = order.rating_words or "·"
    if standing is not None:
        if standing.state == State.SUGGESTED:
            standing.words = words
            standing.save(update_fields=["words"])
        return standing
    complaint = Complaint.objects.create(
        area=order.area,
        resident=order.resident,
        order=order,
        provider=order.provider,
        source=Source.RATING,
        category=Category.QUALITY,
        words=words,
        made_by=by.reference,
        received_at=now,
        state=State.SUGGESTED,
    )
    note_complaint(complaint, "suggested", by=by, now=now)
    return complaint


@transaction.atomic
def take_up(
    complaint: Complaint, *, words: str = "", category: str = "", by: Doer, now: datetime
) -> Complaint:
    """Make a complaint of a suggestion; its clock starts. Again changes nothing.

    Raises:
        ComplaintNotNow: it was dismissed, or is over.
    """
    complaint = locked_complaint(complaint)
    if complaint.state in Complaint.LIVE:
        return complaint
    if complaint.state != State.SUGGESTED:
        raise ComplaintNotNow
    complaint.words = words.strip()[:WORDS_MAX] or complaint.words
    complaint.category = category if category in Category.values else complaint.category
    complaint.received_at = now
    _start_clock(complaint, None, now)
    complaint.save()
    note_complaint(complaint, "received", by=by, now=now)
    _tell_received(complaint, now=now)
    return complaint


@transaction.atomic
def dismiss(complaint: Complaint, *, reason: str, by: Doer, now: datetime) -> Complaint:
    """Say why a suggestion is no complaint; only a suggestion can be dismissed.

    Raises:
        ComplaintNotNow: it is a complaint already.
        Invalid: no reason is given.
    """
    complaint = locked_complaint(complaint)
    if complaint.state != State.SUGGESTED:
        raise ComplaintNotNow
    if not reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    complaint.state, complaint.closed_at = State.DISMISSED, now
    complaint.save(update_fields=["state", "closed_at"])
    note_complaint(complaint, "dismissed", by=by, now=now, note=reason)
    return complaint
