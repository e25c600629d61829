"""Somebody arrived, did what was to be done, and left: kept with the time of the act.

A telephone that was offline sends each of these again, late, and in any order; what they say
together is the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from backend.core import crypto
from backend.core.errors import Invalid
from backend.people.models import Caregiver, Household
from backend.places import geo
from backend.places.datum import to_wgs84
from backend.places.errors import BadPosition
from backend.places.models import Datum
from services.alerts.models import Alert
from services.visits import codes, policies, telling
from services.visits.actions.alerting import OF_VISITS, clear_alerts
from services.visits.actions.locking import locked
from services.visits.errors import NotTheirVisit, WrongCode
from services.visits.models import CheckEvent, HomeFence, Visit, VisitCarer, VisitNote, VisitTask
from services.visits.record import note_visit

Kind, Method, Reason, State = CheckEvent.Kind, CheckEvent.Method, CheckEvent.Reason, Visit.State

NOTE_MAX = 2_000
KEY_MAX = 80
ANSWERED = (*OF_VISITS, Alert.Kind.NO_ANSWER)
"""What an arrival closes: somebody at whose door nobody opened was met after all."""
FRESH = timedelta(minutes=30)
"""Older news of an arrival is kept, and told to nobody as if it were new."""


@dataclass(frozen=True)
class Proof:
    """By what somebody says that they are there."""

    method: str = Method.MANUAL
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    datum: str = Datum.WGS84
    code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Act:
    """Who did something, when by their device, and the key under which it is sent again."""

    caregiver: Caregiver
    at: datetime
    client_key: str
    by: str
    offline: bool = False


def check_in(visit: Visit, *, act: Act, proof: Proof, now: datetime) -> Visit:
    """Write down that the caregiver is at the home. The same key again changes nothing.

    Raises:
        NotTheirVisit: they were never assigned to it.
        WrongCode: the code does not fit, and there is time to ask again.
        BadPosition, Invalid: the proof cannot be read.
    """
    return _check(visit, Kind.IN, act=act, proof=proof, now=now)


def check_out(visit: Visit, *, act: Act, proof: Proof, now: datetime) -> Visit:
    """Write down that the caregiver leaves; may reach us before the arrival does.

    Raises: as `check_in`.
    """
    return _check(visit, Kind.OUT, act=act, proof=proof, now=now)


@transaction.atomic
def _check(visit: Visit, kind: CheckEvent.Kind, *, act: Act, proof: Proof, now: datetime) -> Visit:
    visit = locked_for(visit, act)
    if visit.checks.filter(caregiver=act.caregiver, client_key=act.client_key).exists():
        return visit
    event = _event(visit, kind, act, proof, now)
    event.save()
    before = visit.state
    _settle(visit)
    visit.save()
    clear_alerts(visit, kinds=ANSWERED if kind == Kind.IN else OF_VISITS, by=act.by, now=now)
    note_visit(
        visit,
        "visit.checked_in" if kind == Kind.IN else "visit.checked_out",
        by=act.by,
        now=now,
        at=event.device_at,
        data={"method": event.method, "within_fence": event.is_within_fence},
    )
    if visit.state != before and now - event.device_at <= FRESH:
        telling.tell_family(visit, arrived=kind == Kind.IN, by=act.caregiver, now=now)
    return visit


def locked_for(visit: Visit, act: Act) -> Visit:
    """The visit, locked, for somebody who was ever to make it.

    Raises:
        NotTheirVisit: they never were.
        Invalid: the act has no key under which it is known again.
    """
    if not act.client_key or len(act.client_key) > KEY_MAX:
        raise Invalid(fields={"key": ["missing_or_too_long"]})
    visit = locked(visit)
    if not VisitCarer.objects.filter(visit=visit, caregiver=act.caregiver).exists():
        raise NotTheirVisit
    return visit


def _event(
    visit: Visit, kind: CheckEvent.Kind, act: Act, proof: Proof, now: datetime
) -> CheckEvent:
    household = visit.resident.household
    fence_m = fence_of(household)
    event = CheckEvent(
        visit=visit,
        kind=kind,
        service=visit.service,
        resident=visit.resident,
        household=household,
        caregiver=act.caregiver,
        fence_m=fence_m,
        device_at=min(act.at, now),
        server_at=now,
        offline=act.offline,
        client_key=act.client_key,
    )
    event.method, event.reason = _method(visit, act, proof, event.device_at)
    _place(event, proof, household)
    return event


def _method(visit: Visit, act: Act, proof: Proof, at: datetime) -> tuple[str, str]:
    """How it is proved; what cannot be asked again is kept as written by hand."""
    match proof.method:
        case Method.GPS if proof.lat is not None and proof.lon is not None:
            return Method.GPS, ""
        case Method.GPS:
            return Method.MANUAL, Reason.NO_POSITION
        case Method.CODE if codes.is_code_of(visit, proof.code, at=at):
            return Method.CODE, ""
        case Method.CODE if act.offline:
            return Method.MANUAL, Reason.WRONG_CODE
        case Method.CODE:
            raise WrongCode(fields={"code": ["wrong"]})
        case Method.MANUAL if proof.reason in Reason.values:
            return Method.MANUAL, proof.reason
    raise Invalid(fields={"reason": ["required"]})


def _place(event: CheckEvent, proof: Proof, household: Household) -> None:
    """Keep the position in WGS-84, and how far from the home it is."""
    if proof.lat is None or proof.lon is None:
        return
    if proof.datum not in Datum.values or not geo.on_the_globe(proof.lat, proof.lon):
        raise BadPosition(fields={"lat": ["bad_position"], "lon": ["bad_position"]})
    here = to_wgs84(proof.lat, proof.lon, proof.datum)
    event.lat, event.lon = here.lat, here.lon
    event.datum, event.accuracy_m = proof.datum, proof.accuracy_m
    home = household.address
    if home.lat is None or home.lon is None:
        return
    event.distance_m = geo.distance_m(here.lat, here.lon, home.lat, home.lon)
    vague = proof.accuracy_m is not None and proof.accuracy_m > policies.ACCURACY_MAX_M
    event.is_within_fence = None if vague else event.distance_m <= event.fence_m


def fence_of(household: Household) -> int:
    """How many metres from a home still count as there."""
    own = HomeFence.objects.filter(household=household).values_list("radius_m", flat=True).first()
    return own or policies.FENCE_M


def _settle(visit: Visit) -> None:
    """Let a locked visit stand as its check events say, in whatever order they came."""
    came: dict[object, datetime] = {}
    left: dict[object, datetime] = {}
    for kind, carer, at in visit.checks.values_list("kind", "caregiver_id", "device_at"):
        if kind == Kind.IN:
            came[carer] = min(at, came.get(carer, at))
        else:
            left[carer] = max(at, left.get(carer, at))
    visit.started_at = min(came.values()) if came else None
    over = bool(left) and came.keys() <= left.keys()
    visit.ended_at = max(left.values()) if over else None
    visit.state = State.DONE if over else State.IN_PROGRESS
    visit.cancel_reason, visit.unserved, visit.due_at = "", "", None


@transaction.atomic
def set_task(
    visit: Visit, *, task: str, outcome: str, reason: str = "", act: Act, now: datetime
) -> VisitTask:
    """Say what became of a task; the later act holds, whichever reaches us first.

    Raises:
        NotTheirVisit: they were never assigned to it.
        Invalid: an unknown task or outcome, or one not done without a reason.
    """
    visit = locked_for(visit, act)
    _check_task(visit, task, outcome, reason)
    at = min(act.at, now)
    standing = VisitTask.objects.filter(
        visit=visit, task_index=crypto.blind_index(task, context=VisitTask.CONTEXT)
    ).first()
    if standing and (standing.at, standing.client_key) >= (at, act.client_key):
        return standing
    told = VisitTask(
        pk=standing.pk if standing else None,
        visit=visit,
        task=task,
        outcome=outcome,
        reason=reason,
        caregiver=act.caregiver,
        at=at,
        received_at=now,
        client_key=act.client_key,
    )
    told.save()
    note_visit(visit, "visit.task", by=act.by, now=now, at=at, fields=["tasks"])
    return told


def _check_task(visit: Visit, task: str, outcome: str, reason: str) -> None:
    if task not in visit.tasks:
        raise Invalid(fields={"task": ["unknown"]})
    if outcome not in VisitTask.Outcome.values:
        raise Invalid(fields={"outcome": ["unknown"]})
    not_done = outcome == VisitTask.Outcome.NOT_DONE
    if not_done != (reason in VisitTask.Reason.values) or (reason and not not_done):
        raise Invalid(fields={"reason": ["required_if_not_done"]})


@transaction.atomic
def add_note(
    visit: Visit,
    *,
    text: str,
    by: str,
    at: datetime,
    client_key: str,
    caregiver: Caregiver | None = None,
    now: datetime,
) -> VisitNote:
    """Add what somebody wrote about a visit. The same key again changes nothing.

    Raises:
        Invalid: nothing was written, or too much.
        NotTheirVisit: the caregiver was never assigned to it.
    """
    text = text.strip()
    if not text or len(text) > NOTE_MAX:
        raise Invalid(fields={"text": ["empty_or_too_long"]})
    if caregiver is not None:
        visit = locked_for(visit, Act(caregiver, at, client_key, by))
    else:
        visit = locked(visit)
    standing = VisitNote.objects.filter(by=by, client_key=client_key).first()
    if standing is not None:
        return standing
    note = VisitNote.objects.create(
        visit=visit,
        caregiver=caregiver,
        by=by,
        text=text,
        at=min(at, now),
        received_at=now,
        client_key=client_key,
    )
    note_visit(visit, "visit.note", by=by, now=now, at=note.at, fields=["notes"])
    return note
