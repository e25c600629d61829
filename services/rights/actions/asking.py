"""Somebody asks about their data; asked twice, it is one request."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.core.errors import Invalid
from backend.people import phones
from backend.people.models import Contact, Language, Resident
from backend.people.queries import is_guardian_of
from services.alerts.actions import resolve_cleared
from services.alerts.models import Alert
from services.community.doers import Doer
from services.rights import limits, policies
from services.rights.errors import DecidedOtherwise, NotDead, NotForThem, NotNow
from services.rights.models import RightsRequest
from services.rights.record import note
from services.rights.telling import tell_received

Kind, State, Asker = RightsRequest.Kind, RightsRequest.State, RightsRequest.Asker
DIED = Resident.LifeState.DIED
WORDS_MAX = 1_000


@transaction.atomic
def ask(
    *,
    resident: Resident,
    kind: str,
    asker: str,
    channel: str,
    contact: Contact | None = None,
    name: str = "",
    phone: str = "",
    language: str = Language.ZH,
    relation: str = "",
    proof: str = "",
    about: str = "",
    words: str = "",
    by: Doer,
    now: datetime,
) -> RightsRequest:
    """Take a request down and start its clock; the same asked again is the one that is open.

    Raises:
        NotForThem, NotDead, DecidedOtherwise: they may not ask this.
        BadPhone, Invalid: an entry cannot be used.
    """
    if kind not in Kind.values:
        raise Invalid(fields={"kind": ["unknown"]})
    if asker == Asker.KIN:
        _require_kin(resident, kind, relation, proof)
    else:
        _require_living(resident, asker, contact, now=now)
    about, words = about.strip(), words.strip()[:WORDS_MAX]
    _require_whole(kind, about, words)
    limit = limits.limit_of(kind)
    ends_at = limits.ends_at(limit["days"], since=now)
    try:
        with transaction.atomic():
            request = RightsRequest.objects.create(
                kind=kind,
                resident=resident,
                area=resident.area,
                asker=asker,
                contact=contact,
                name=name[:60],
                phone=phones.normalized(phone) if phone else "",
                language=language,
                relation=relation,
                proof=proof.strip()[:WORDS_MAX],
                channel=channel,
                asked_by=by.reference,
                asked_at=now,
                about=about,
                words=words,
                limit=limit,
                ends_at=ends_at,
                due_at=limits.reminds_at(ends_at, since=now),
            )
    except IntegrityError:
        return _open_one(resident, kind, about, by)
    note(request, "received", by=by, now=now)
    tell_received(request, now=now)
    return request


def _open_one(resident: Resident, kind: str, about: str, by: Doer) -> RightsRequest:
    return RightsRequest.objects.get(
        resident=resident,
        kind=kind,
        about=about,
        asked_by=by.reference,
        state__in=RightsRequest.LIVE,
    )


def _require_living(
    resident: Resident, asker: str, contact: Contact | None, *, now: datetime
) -> None:
    if resident.life_state == DIED:
        raise NotForThem
    if asker == Asker.GUARDIAN:
        today = timezone.localdate(now)
        if contact is None or not is_guardian_of(contact, resident, today=today):
            raise NotForThem


def _require_kin(resident: Resident, kind: str, relation: str, proof: str) -> None:
    if resident.life_state != DIED:
        raise NotDead
    if kind not in policies.KIN_MAY_ASK or relation not in policies.CLOSE_KIN:
        raise NotForThem
    if resident.after_death == Resident.AfterDeath.NOBODY:
        raise DecidedOtherwise
    if not proof.strip():
        raise Invalid(fields={"proof": ["required"]})


def _require_whole(kind: str, about: str, words: str) -> None:
    if kind == Kind.CORRECT:
        if about not in {*policies.CORRECTABLE, policies.OTHER}:
            raise Invalid(fields={"about": ["unknown"]})
        if not words or len(words) > policies.CORRECTABLE.get(about, WORDS_MAX):
            raise Invalid(fields={"words": ["empty_or_too_long"]})
    if kind in (Kind.EXPLAIN, Kind.REVIEW) and not about:
        raise Invalid(fields={"about": ["required"]})


@transaction.atomic
def withdraw(request: RightsRequest, *, by: Doer, now: datetime) -> RightsRequest:
    """They do not want it any more; what is done already stays. Again changes nothing.

    Raises:
        NotNow: it is done, or refused.
    """
    request = locked(request)
    if request.state == State.WITHDRAWN:
        return request
    require(request, *RightsRequest.LIVE)
    close(request, State.WITHDRAWN, by=by, now=now)
    return request


def locked(request: RightsRequest) -> RightsRequest:
    """The request as it stands, locked until the transaction ends."""
    return (
        RightsRequest.objects.select_related("area", "resident__area", "contact", "owner")
        .select_for_update(of=("self",))
        .get(pk=request.pk)
    )


def require(request: RightsRequest, *states: str) -> None:
    """Allow a step from these states.

    Raises:
        NotNow: it stands elsewhere.
    """
    if request.state not in states:
        raise NotNow


def close(request: RightsRequest, state: str, *, by: Doer, now: datetime) -> None:
    """Let a locked request be over: its clock stops, and its alert is gone."""
    was_overdue = request.overdue_since is not None
    request.state, request.closed_at = state, now
    request.due_at = request.overdue_since = None
    request.lease_until = request.lease_token = None
    request.save()
    note(request, str(state), by=by, now=now)
    others = RightsRequest.objects.filter(
        resident=request.resident_id, state__in=RightsRequest.LIVE, overdue_since__isnull=False
    )
    if was_overdue and not others.exists():
        resolve_cleared(
            kind=Alert.Kind.RIGHTS_OVERDUE,
            resident=request.resident,
            by=by.reference,
            note="",
            now=now,
        )
