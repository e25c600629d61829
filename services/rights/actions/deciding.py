"""A person decides: approves, refuses with reasons, and for a deletion a second one confirms."""

from datetime import datetime

from django.db import transaction

from backend.accounts.models import User
from backend.people.models import Resident
from services.community.doers import Doer
from services.rights.actions.asking import close, locked, require
from services.rights.actions.correcting import correct
from services.rights.actions.erasing import erase, require_erasable
from services.rights.actions.freezing import freeze, thaw
from services.rights.errors import AnswerNeeded, SameOfficer
from services.rights.models import RightsRequest
from services.rights.record import note
from services.rights.telling import tell_answer

Kind, State = RightsRequest.Kind, RightsRequest.State

ANSWER_MAX = 500


def doer_for(officer: User) -> Doer:
    """Somebody of the staff, for the record."""
    return Doer(officer.reference, str(officer)[:60])


@transaction.atomic
def take(request: RightsRequest, *, officer: User, now: datetime) -> RightsRequest:
    """Somebody looks after it. To the one who has it changes nothing.

    Raises:
        NotNow: it is over.
    """
    request = locked(request)
    require(request, *RightsRequest.LIVE)
    if request.owner_id != officer.pk:
        request.owner = officer
        request.save(update_fields=["owner"])
        note(request, "assigned", by=doer_for(officer), now=now)
    return request


@transaction.atomic
def approve(
    request: RightsRequest, *, officer: User, answer: str = "", now: datetime
) -> RightsRequest:
    """Let what was asked be done; a copy is then prepared, a deletion waits for a second person.

    Raises:
        NotNow: it is not open.
        AnswerNeeded: an explanation, a second look, or a correction by hand is told in words.
        Blocked, OnHold: something stands against the deletion.
        Invalid: what would be right cannot be entered.
    """
    request, by = locked(request), doer_for(officer)
    require(request, State.OPEN)
    request.answer = _answer(answer)
    request.decided_by, request.decided_at = officer, now
    request.owner = request.owner or officer
    match request.kind:
        case Kind.COPY:
            return _moved(request, State.PREPARING, by=by, now=now)
        case Kind.DELETE:
            require_erasable(request.resident, now=now)
            return _moved(request, State.APPROVED, by=by, now=now)
        case Kind.CORRECT:
            correct(request, by=by, now=now)
        case Kind.FREEZE:
            freeze(request.resident, by=by, now=now)
        case _ if not request.answer:
            raise AnswerNeeded(fields={"answer": ["required"]})
    close(request, State.DONE, by=by, now=now)
    tell_answer(request, now=now)
    return request


def _moved(request: RightsRequest, state: str, *, by: Doer, now: datetime) -> RightsRequest:
    request.state = state
    request.save()
    note(request, str(state), by=by, now=now)
    return request


@transaction.atomic
def confirm(request: RightsRequest, *, officer: User, now: datetime) -> RightsRequest:
    """A second person lets the deletion be done, at once and for good.

    Raises:
        NotNow: nobody approved it, or it is over.
        SameOfficer: it was they who approved it.
        Blocked, OnHold: something has come up that stands against it.
    """
    request, by = locked(request), doer_for(officer)
    require(request, State.APPROVED)
    if request.decided_by_id == officer.pk:
        raise SameOfficer
    require_erasable(request.resident, now=now)
    request.confirmed_by = officer
    close(request, State.DONE, by=by, now=now)
    tell_answer(request, now=now)
    erase(request.resident, by=by, now=now)
    return request


@transaction.atomic
def refuse(request: RightsRequest, *, officer: User, answer: str, now: datetime) -> RightsRequest:
    """Say no, and why; whoever asked hears both, and where they can go with it.

    Source: Personal Information Protection Law, article 50: reasons; the way to court is open.

    Raises:
        NotNow: it is over, or a copy is being prepared.
        AnswerNeeded: no reason was given.
    """
    request, by = locked(request), doer_for(officer)
    require(request, State.OPEN, State.APPROVED)
    request.answer = _answer(answer)
    if not request.answer:
        raise AnswerNeeded(fields={"answer": ["required"]})
    request.decided_by, request.decided_at = officer, now
    close(request, State.REFUSED, by=by, now=now)
    tell_answer(request, now=now)
    return request


@transaction.atomic
def end_freeze(request: RightsRequest, *, officer: User, now: datetime) -> RightsRequest:
    """They want their data used again.

    Raises:
        NotNow: this request froze nothing.
    """
    request, by = locked(request), doer_for(officer)
    require(request, State.DONE)
    if request.kind == Kind.FREEZE:
        thaw(request.resident, by=by, now=now)
        note(request, "thawed", by=by, now=now)
    return request


@transaction.atomic
def unfreeze(resident: Resident, *, by: Doer, now: datetime) -> None:
    """The person, or their guardian, lets their data be used again: as easily as they stopped it.

    Again changes nothing.
    """
    thaw(resident, by=by, now=now)
    froze = resident.rights_requests.filter(kind=Kind.FREEZE, state=State.DONE)
    request = froze.exclude(events__event="thawed").order_by("-decided_at").first()
    if request is not None:
        note(request, "thawed", by=by, now=now)


def _answer(text: str) -> str:
    return " ".join(text.split())[:ANSWER_MAX]
