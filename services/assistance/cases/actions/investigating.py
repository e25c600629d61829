"""Data are checked, and two of the staff visit the home."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from backend.accounts.models import User
from backend.places import geo
from services.assistance.cases import clocks
from services.assistance.cases.actions.moving import locked, move
from services.assistance.cases.doers import Doer
from services.assistance.cases.errors import (
    NotAVisitor,
    NotNow,
    ReasonNeeded,
    TwoNeeded,
)
from services.assistance.cases.machine import Clock, Event, Level
from services.assistance.cases.record import note_change, note_event
from services.assistance.cases.telling import tell_applicant
from services.assistance.models import AssistanceCase, CaseNote, HomeVisit, VisitStaff
from services.assistance.models.cases import State

VISITORS_MIN = 2
"""Source: 民发〔2021〕57号, article 16."""


@transaction.atomic
def record_data_check(
    case: AssistanceCase, *, conforms: bool, note: str = "", by: Doer, now: datetime
) -> AssistanceCase:
    """Record what the data check found; a negative one is told at once (article 18)."""
    case = move(locked(case), Event.RECORD_DATA, by=by, now=now, note=note, data_conforms=conforms)
    if not conforms:
        run = f"data.{now:%Y%m%d%H%M%S}"
        tell_applicant(case, "case_data_negative", run=run, now=now)
    return case


@transaction.atomic
def plan_visit(
    case: AssistanceCase,
    *,
    staff: Sequence[User],
    planned_at: datetime,
    way: str = HomeVisit.Way.HOME,
    way_reason: str = "",
    by: Doer,
    now: datetime,
) -> HomeVisit:
    """Name at least two who visit the home, and when.

    Before the county decides on relatives of staff it plans a visit of its own.

    Raises:
        TwoNeeded: fewer than two.
        ReasonNeeded: by telephone or video without a reason.
        NotNow: no visit is due.
    """
    case = locked(case)
    is_county = by.level is Level.COUNTY and case.state == State.CONFIRMING
    if case.state != State.VISITING and not is_county:
        raise NotNow(state=case.state, event="plan_visit")
    people = {user.pk: user for user in staff}
    if len(people) < VISITORS_MIN:
        raise TwoNeeded
    if way != HomeVisit.Way.HOME and not way_reason.strip():
        raise ReasonNeeded
    case.home_visits.filter(done_at=None, is_county=is_county).delete()
    visit = HomeVisit.objects.create(
        case=case,
        is_county=is_county,
        way=way,
        way_reason=way_reason.strip(),
        planned_at=planned_at,
    )
    VisitStaff.objects.bulk_create(VisitStaff(visit=visit, user=user) for user in people.values())
    clocks.stop(case, [Clock.INVESTIGATION], now=now)
    note_event(case, "visit_planned", source=case.state, by=by, now=now)
    return visit


@transaction.atomic
def fill_visit(
    visit: HomeVisit,
    *,
    household_size: int,
    findings: str,
    household_signed_by: str = "",
    by: Doer,
    now: datetime,
) -> HomeVisit:
    """Write down what was seen, and the name with which the household signed.

    Raises:
        NotNow: it is over.
    """
    locked(visit.case)
    visit = HomeVisit.objects.get(pk=visit.pk)
    if visit.done_at is not None:
        raise NotNow(event="fill_visit")
    visit.household_size, visit.findings = household_size, findings
    if household_signed_by.strip():
        visit.household_signed_by = household_signed_by.strip()
        visit.household_signed_at = now
    visit.save()
    note_change(visit.case, "case.visit_filled", fields=["visit"], by=by, now=now)
    return finish_if_signed(visit, by=by, now=now)


@transaction.atomic
def sign_visit(
    visit: HomeVisit,
    *,
    user_id: UUID,
    lat: float | None,
    lon: float | None,
    by: Doer,
    now: datetime,
) -> HomeVisit:
    """One of those who visit signs, with the place their telephone gives.

    The visit is done once two of them and the household have signed. Signing again changes
    nothing; a place outside of the globe is not kept.

    Raises:
        NotAVisitor: they do not visit.
        NotNow: nothing was written down yet.
    """
    locked(visit.case)
    visit = HomeVisit.objects.get(pk=visit.pk)
    if visit.household_size is None:
        raise NotNow(event="sign_visit")
    own = visit.staff.filter(user=user_id)
    if not own.exists():
        raise NotAVisitor
    if lat is None or lon is None or not geo.on_the_globe(lat, lon):
        lat = lon = None
    signed = own.filter(signed_at=None).update(signed_at=now, lat=lat, lon=lon)
    if signed:
        note_change(visit.case, "case.visit_signed", fields=["visit"], by=by, now=now)
    return finish_if_signed(visit, by=by, now=now)


def finish_if_signed(visit: HomeVisit, *, by: Doer, now: datetime) -> HomeVisit:
    """End a visit that both sides have signed; the database counts the signatures."""
    signed = (
        HomeVisit.objects.filter(pk=visit.pk, done_at=None)
        .exclude(household_signed_at=None)
        .annotate(signatures=Count("staff", filter=Q(staff__signed_at__isnull=False)))
        .filter(signatures__gte=VISITORS_MIN)
    )
    done = HomeVisit.objects.filter(pk__in=signed.values("pk")).update(done_at=now)
    visit.refresh_from_db()
    if done and not visit.is_county and visit.case.state == State.VISITING:
        move(locked(visit.case), Event.FINISH_VISIT, by=_office(by), now=now)
    elif done:
        note_event(visit.case, "county_visited", source=visit.case.state, by=by, now=now)
    return visit


def _office(by: Doer) -> Doer:
    """A caregiver who signs last acts for the street."""
    if by.level in {Level.STREET, Level.COUNTY}:
        return by
    return Doer(by.reference, by.name, Level.STREET, by.user_id)


@transaction.atomic
def add_note(case: AssistanceCase, *, text: str, by: Doer, now: datetime) -> CaseNote:
    """Keep evidence or a remark."""
    if not text.strip():
        raise ReasonNeeded
    note = CaseNote.objects.create(
        case=case, text=text.strip(), at=now, by=by.reference, by_name=by.name[:60]
    )
    note_change(case, "case.noted", fields=["notes"], by=by, now=now)
    return note
