"""An application comes in, its papers are looked through, and it is accepted."""

from datetime import datetime

from django.db import IntegrityError, transaction

from backend.people.models import Contact, Resident
from services.assistance.cases.actions.moving import locked, move, require_step
from services.assistance.cases.doers import Doer
from services.assistance.cases.errors import (
    CaseOpen,
    NotAuthorised,
    NothingMissing,
    PapersMissing,
)
from services.assistance.cases.machine import Event
from services.assistance.cases.numbers import case_number
from services.assistance.cases.procedures import procedure_of, review_months
from services.assistance.cases.record import note_change, note_event
from services.assistance.cases.telling import tell_applicant
from services.assistance.models import AssistanceCase, CaseDocument, StaffRelative
from services.assistance.models.cases import CLOSED

SIGNED_ONLINE = ("application", "authorisation")
"""Papers that an application made by the applicant on their own page is itself."""

Channel = AssistanceCase.Channel


@transaction.atomic
def open_case(
    *,
    resident: Resident,
    benefit: str,
    channel: str = Channel.OFFICER,
    household_size: int = 1,
    is_unstable: bool = False,
    is_delegated: bool = False,
    relative_of_staff: str = "",
    authorised_by: str = "",
    contact: Contact | None = None,
    by: Doer,
    now: datetime,
) -> AssistanceCase:
    """Enter an application; one is open per person and benefit.

    `authorised_by` names who permitted the data checks, "" if nobody did yet.

    Raises:
        CaseOpen: there is one already.
    """
    Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    _require_none_open(resident, benefit)
    procedure = procedure_of(benefit)
    try:
        with transaction.atomic():
            case = AssistanceCase.objects.create(
                number=case_number(now),
                resident=resident,
                area=resident.area,
                benefit=benefit,
                channel=channel,
                applied_by_contact=contact,
                household_size=household_size,
                procedure=procedure,
                is_delegated=is_delegated,
                relative_of_staff=relative_of_staff or _registered_relative(resident),
                opened_at=now,
                opened_by_id=by.user_id,
                owner_id=by.user_id,
                authorised_at=now if authorised_by else None,
                authorised_by=authorised_by,
                review_months=review_months(procedure, is_unstable=is_unstable),
                changed_at=now,
            )
    except IntegrityError as error:
        _require_none_open(resident, benefit)
        raise error
    _list_papers(case, by=by, now=now)
    if relative_of_staff:
        register_relative(resident, staff=relative_of_staff, by=by, now=now)
    line = note_event(case, Event.OPEN, source="", by=by, now=now)
    tell_applicant(case, "case_opened", run=f"event.{line.pk}", now=now)
    return case


def _require_none_open(resident: Resident, benefit: str) -> None:
    one = (
        AssistanceCase.objects.filter(resident=resident, benefit=benefit)
        .exclude(state__in=CLOSED)
        .first()
    )
    if one is not None:
        raise CaseOpen(number=one.number)


def _registered_relative(resident: Resident) -> str:
    row = StaffRelative.objects.filter(resident=resident).first()
    return row.staff if row else ""


def _list_papers(case: AssistanceCase, *, by: Doer, now: datetime) -> None:
    by_themselves = case.channel != Channel.OFFICER and case.authorised_at is not None
    CaseDocument.objects.bulk_create(
        CaseDocument(
            case=case,
            kind=paper["kind"],
            is_fetched=paper["fetched"],
            received_at=now if by_themselves and paper["kind"] in SIGNED_ONLINE else None,
            received_by=by.reference if by_themselves and paper["kind"] in SIGNED_ONLINE else "",
        )
        for paper in case.procedure["papers"]
    )


@transaction.atomic
def register_relative(resident: Resident, *, staff: str, by: Doer, now: datetime) -> None:
    """Put an applicant into the separate register of relatives of staff. Source: article 11."""
    StaffRelative.objects.get_or_create(
        resident=resident,
        staff=staff,
        defaults={"recorded_at": now, "recorded_by": by.reference},
    )


@transaction.atomic
def receive_paper(case: AssistanceCase, *, kind: str, by: Doer, now: datetime) -> AssistanceCase:
    """Tick a paper of the checklist; the permission to check data counts from then on."""
    case = locked(case)
    received = case.documents.filter(kind=kind, received_at=None).update(
        received_at=now, received_by=by.reference
    )
    if received and kind == "authorisation" and case.authorised_at is None:
        case.authorised_at, case.authorised_by = now, f"resident:{case.resident_id}"
        case.save(update_fields=["authorised_at", "authorised_by"])
    if received:
        note_change(case, "case.paper", fields=["documents"], by=by, now=now)
    return case


@transaction.atomic
def list_missing(case: AssistanceCase, *, by: Doer, now: datetime) -> AssistanceCase:
    """Tell the applicant, once, all that is missing.

    Raises:
        NothingMissing: the case can be accepted.
        NotNow: they were told before, or the case is further on.
    """
    case = locked(case)
    require_step(case, Event.LIST_MISSING, by)
    if not missing_papers(case):
        raise NothingMissing
    return move(case, Event.LIST_MISSING, by=by, now=now, told_missing_at=now)


def missing_papers(case: AssistanceCase) -> list[CaseDocument]:
    """What the applicant must still bring; what a platform holds is asked of nobody."""
    return list(case.documents.filter(is_fetched=False, received_at=None))


@transaction.atomic
def accept_case(case: AssistanceCase, *, by: Doer, now: datetime) -> AssistanceCase:
    """Accept a complete application; the clocks of the law begin.

    Raises:
        PapersMissing, NotAuthorised: it is not complete.
        NotNow, NotYourStep: it cannot follow.
    """
    case = locked(case)
    require_step(case, Event.ACCEPT, by)
    if case.authorised_at is None:
        raise NotAuthorised
    if missing_papers(case):
        raise PapersMissing
    owner = case.owner_id or by.user_id
    return move(case, Event.ACCEPT, by=by, now=now, accepted_at=now, owner_id=owner)


@transaction.atomic
def take_charge(case: AssistanceCase, *, by: Doer, now: datetime) -> AssistanceCase:
    """Make oneself the officer in charge: whom its clocks remind."""
    case = locked(case)
    if case.owner_id != by.account:
        case.owner_id = by.account
        case.save(update_fields=["owner"])
        note_change(case, "case.assigned", fields=["owner"], by=by, now=now)
    return case
