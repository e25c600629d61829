"""Cases and officers the tests speak of."""

from datetime import datetime, timedelta
from typing import Any

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.people.models import Resident
from backend.places.models import Area
from services.assistance.cases import actions
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.models import AssistanceCase, HomeVisit
from tests.builders import NOON, a_resident, a_user, an_area

GRANT: dict[str, Any] = {"kind": "grant", "household_size": 1, "amount_fen": 60_000}
REFUSAL: dict[str, Any] = {"kind": "refuse", "household_size": 1, "grounds": ["income_not_below"]}


class Office:
    """A district and a street in it, with the officers of both."""

    def __init__(self) -> None:
        """Two officers of the street, two of the county."""
        self.district = an_area()
        self.street = an_area(parent=self.district)
        self.grid = an_area(parent=an_area(parent=self.street))
        self.clerk, self.head = (self._officer(self.street, name) for name in ("李娜", "张强"))
        self.county, self.director = (
            self._officer(self.district, name) for name in ("沈慧", "何平")
        )

    def _officer(self, area: Area, name: str) -> User:
        return a_user(role=Role.OFFICER, area=area, name=name)

    def resident(self, **fields: Any) -> Resident:
        """Somebody who lives here."""
        return a_resident(area=self.grid, **fields)


def as_doer(user: User) -> Doer:
    """The account as one who acts on cases."""
    return doer_of(actor_of(user))


def a_case(office: Office | None = None, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """An application entered at the counter by the clerk, permission given."""
    at = office or Office()
    resident = fields.pop("resident", None) or at.resident()
    return actions.open_case(
        **{
            "resident": resident,
            "benefit": "dibao",
            "authorised_by": f"resident:{resident.pk}",
            "by": as_doer(at.clerk),
            "now": now,
            **fields,
        }
    )


def complete(case: AssistanceCase, office: Office, *, now: datetime = NOON) -> AssistanceCase:
    """All papers are there."""
    for paper in actions.missing_papers(case):
        case = actions.receive_paper(case, kind=paper.kind, by=as_doer(office.clerk), now=now)
    return case


def an_accepted_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A complete application that was accepted: its clocks run."""
    case = complete(a_case(office, now=now, **fields), office, now=now)
    return actions.accept_case(case, by=as_doer(office.clerk), now=now)


def a_checked_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A case whose data conform; the home is to be visited."""
    case = an_accepted_case(office, now=now, **fields)
    return actions.record_data_check(case, conforms=True, by=as_doer(office.county), now=now)


def a_planned_visit(office: Office, case: AssistanceCase, *, now: datetime = NOON) -> HomeVisit:
    """A visit by the two of the street."""
    return actions.plan_visit(
        case,
        staff=[office.clerk, office.head],
        planned_at=now + timedelta(hours=1),
        by=as_doer(office.clerk),
        now=now,
    )


def a_visited_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A case whose home two of the street have visited."""
    case = a_checked_case(office, now=now, **fields)
    make_visit(office, a_planned_visit(office, case, now=now), now=now)
    case.refresh_from_db()
    return case


def make_visit(office: Office, visit: HomeVisit, *, now: datetime = NOON) -> None:
    """The household and everybody who visits sign."""
    by = as_doer(office.clerk)
    actions.fill_visit(
        visit,
        household_size=1,
        findings="一人居住，无存款。",
        household_signed_by="陈桂英",
        by=by,
        now=now,
    )
    for each in visit.staff.select_related("user"):
        actions.sign_visit(
            visit, user_id=each.user_id, lat=31.57, lon=120.3, by=as_doer(each.user), now=now
        )


def a_noticed_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A case whose grant is shown publicly."""
    case = a_visited_case(office, now=now, **fields)
    return actions.propose(case, **GRANT, by=as_doer(office.clerk), now=now).case


def a_case_before_the_county(
    office: Office, *, now: datetime = NOON, opinion: dict[str, Any] = GRANT, **fields: Any
) -> AssistanceCase:
    """A case that the county is to confirm."""
    case = a_visited_case(office, now=now, **fields)
    case = actions.propose(case, **opinion, by=as_doer(office.clerk), now=now).case
    case.refresh_from_db()
    return actions.end_notice(case, now=now) if opinion["kind"] == "grant" else case


def a_decided_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A confirmed case whose letter is to be written."""
    case = a_case_before_the_county(office, now=now, **fields)
    return actions.confirm(case, by=as_doer(office.county), now=now)


def a_granted_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A case in force."""
    case = a_decided_case(office, now=now, **fields)
    actions.issue_letter(case, by=as_doer(office.county), now=now)
    case.refresh_from_db()
    return case


def a_refused_case(office: Office, *, now: datetime = NOON, **fields: Any) -> AssistanceCase:
    """A case whose letter of refusal was issued."""
    return a_granted_case(office, now=now, opinion=REFUSAL, **fields)
