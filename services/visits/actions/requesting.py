"""A visit is asked for, and a dispatcher says when or why not."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.errors import Invalid
from backend.people.models import Consent, Contact, Resident
from backend.people.names import short_name
from backend.people.queries import consents_in_force
from notifications.actions import owe_as_preferred
from notifications.recipients import contact_recipient, resident_recipient
from services.visits.actions.staffing import create_visit
from services.visits.errors import RequestAnswered
from services.visits.models import Visit, VisitRequest
from services.visits.words import on_day

State = VisitRequest.State

WISH_MAX = 200
WINDOW = timedelta(minutes=30)
AHEAD_MAX = timedelta(days=366)
"""A visit of another year is a slip of the hand; our choice."""
TOLD_FOR = timedelta(days=2)


@transaction.atomic
def ask_for_visit(
    resident: Resident,
    *,
    service: str,
    wish: str,
    by: str,
    name: str,
    contact: Contact | None = None,
    now: datetime,
) -> VisitRequest:
    """Keep what is asked for until a dispatcher answers; asked again, the newer words count.

    What somebody else has asked for stays theirs: each of them hears an answer.

    Raises:
        Invalid: nothing was said of when.
    """
    wish = " ".join(wish.split())[:WISH_MAX]
    if not wish:
        raise Invalid(fields={"wish": ["empty"]})
    try:
        with transaction.atomic():
            asked = VisitRequest.objects.create(
                resident=resident,
                area=resident.area,
                service=service,
                wish=wish,
                asked_by=by,
                asked_by_name=name[:60],
                contact=contact,
                asked_at=now,
            )
    except IntegrityError:
        asked = VisitRequest.objects.select_for_update().get(
            resident=resident, service=service, asked_by=by, state=State.OPEN
        )
        if asked.wish == wish:
            return asked
        asked.wish = wish
        asked.save(update_fields=["wish"])
    _note(asked, "visit_request.asked", by=by, now=now)
    return asked


@transaction.atomic
def agree_to_request(
    request: VisitRequest, *, starts_at: datetime, duration_min: int, by: str, now: datetime
) -> VisitRequest:
    """Make a visit of it and tell whoever asked; again with the same hour changes nothing.

    Raises:
        Invalid: the hour is past, or further than anybody plans.
        RequestAnswered: it was answered otherwise.
    """
    if starts_at <= now:
        raise Invalid(fields={"starts_at": ["in_the_past"]})
    if starts_at > now + AHEAD_MAX:
        raise Invalid(fields={"starts_at": ["too_far"]})
    locked = _locked(request)
    if locked.visit is not None and locked.visit.window_starts_at == starts_at:
        return locked
    _require_open(locked)
    details = {
        "service": locked.service,
        "duration_min": duration_min,
        "window_starts_at": starts_at,
        "window_ends_at": starts_at + WINDOW,
    }
    visit = create_visit(
        resident=locked.resident, details=details, cause=locked.reference, by=by, now=now
    )
    return _answer(locked, State.AGREED, "", visit=visit, by=by, now=now)


@transaction.atomic
def decline_request(request: VisitRequest, *, answer: str, by: str, now: datetime) -> VisitRequest:
    """Say why it is not possible; again with the same words changes nothing.

    Raises:
        Invalid: no reason was given.
        RequestAnswered: it was answered otherwise.
    """
    answer = " ".join(answer.split())[:WISH_MAX]
    if not answer:
        raise Invalid(fields={"answer": ["empty"]})
    locked = _locked(request)
    if locked.state == State.DECLINED and locked.answer == answer:
        return locked
    _require_open(locked)
    return _answer(locked, State.DECLINED, answer, visit=None, by=by, now=now)


def withdraw_all(resident: Resident, *, by: str, now: datetime) -> None:
    """Nobody need answer any more for whoever has died or moved away; nobody is told."""
    waiting = VisitRequest.objects.filter(resident=resident, state=State.OPEN)
    for request in waiting.order_by("pk"):
        withdraw_request(request, by=by, now=now)


@transaction.atomic
def withdraw_request(request: VisitRequest, *, by: str, now: datetime) -> VisitRequest:
    """Nobody need answer any more; one that was answered stays as it is."""
    locked = _locked(request)
    if locked.state == State.OPEN:
        locked.state = State.WITHDRAWN
        locked.save(update_fields=["state"])
        _note(locked, "visit_request.withdrawn", by=by, now=now)
    return locked


def _locked(request: VisitRequest) -> VisitRequest:
    requests = VisitRequest.objects.select_for_update(of=("self",))
    return requests.select_related("resident__area", "area", "visit", "contact").get(pk=request.pk)


def _require_open(request: VisitRequest) -> None:
    if request.state != State.OPEN:
        raise RequestAnswered


def _answer(
    request: VisitRequest,
    state: VisitRequest.State,
    answer: str,
    *,
    visit: Visit | None,
    by: str,
    now: datetime,
) -> VisitRequest:
    request.state, request.answer, request.visit = state, answer, visit
    request.answered_by, request.answered_at = by, now
    request.save(update_fields=["state", "answer", "visit", "answered_by", "answered_at"])
    _note(request, f"visit_request.{state}", by=by, now=now)
    _tell(request, now)
    return request


def _tell(request: VisitRequest, now: datetime) -> None:
    """Whoever asked hears the answer, the way they chose."""
    asked = request.contact
    if Consent.Item.VISITS not in consents_in_force(request.resident_id):
        asked = None  # then it is the resident who hears of their visits
    to = contact_recipient(asked) if asked else resident_recipient(request.resident)
    context = {"who": short_name(request.resident, to.language), "answer": request.answer}
    if request.visit is not None:
        with translation.override(to.language):
            context["when"] = on_day(request.visit.window_starts_at)
    owe_as_preferred(
        cause=request.reference,
        step_run="answered",
        to=to,
        template=f"visit_request_{request.state}",
        context=context,
        now=now,
        area_path=request.area.path,
        resident_id=request.resident_id,
        expires_at=now + TOLD_FOR,
    )


def _note(request: VisitRequest, event: str, *, by: str, now: datetime) -> None:
    record(
        actor=by,
        action=AuditRow.Action.CHANGE,
        subject=request.reference,
        resident_id=request.resident_id,
        fields=["state"],
        now=now,
    )
    audience = [f"contact:{request.contact_id}"] if request.contact_id else []
    journal.append(
        request.reference,
        event,
        at=now,
        by=by,
        area_path=request.area.path,
        audience=[*audience, request.asked_by],
        data={"state": request.state},
    )
