"""One of everything of visits, for the access matrix."""

from datetime import timedelta

from backend.accounts.models import User
from services.visits import actions
from services.visits.models import Absence, DayPlan, HomeFence
from tests.builders import NOON
from tests.services.visits.builders import BY, BY_HAND, TODAY, a_care_plan, a_visit, an_act
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """A plan of later days, one visit about now with its record, an absence, a day's plan."""
    a_care_plan(resident=cast.resident, starts_on=TODAY + timedelta(days=90))
    visit = a_visit(to=cast.resident, carers=(cast.caregiver,))
    act = an_act(cast.caregiver, at=NOON)
    actions.check_in(visit, act=act, proof=BY_HAND, now=NOON)
    actions.set_task(visit, task="wash", outcome="done", act=an_act(cast.caregiver), now=NOON)
    actions.add_note(visit, text="all well", by=BY, at=NOON, client_key="1", now=NOON)
    Absence.objects.create(
        caregiver=cast.caregiver,
        starts_at=NOON + timedelta(days=9),
        ends_at=NOON + timedelta(days=10),
        reason=Absence.Reason.LEAVE,
        recorded_by=BY,
        recorded_at=NOON,
    )
    HomeFence.objects.create(
        household=cast.resident.household, radius_m=300, set_by=BY, set_at=NOON
    )
    actions.ask_for_visit(
        cast.resident,
        service="cleaning",
        wish="on Friday morning",
        by=User.objects.get(contacts=cast.contact).reference,
        name=cast.contact.name,
        contact=cast.contact,
        now=NOON,
    )
    DayPlan.objects.create(area=cast.grid, day=TODAY, made_at=NOON, made_by=BY)
