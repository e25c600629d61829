"""One of everything of wellbeing, for the access matrix."""

from services.wellbeing import actions
from services.wellbeing.models import AreaEvent, WelfareContact
from tests.builders import NOON
from tests.services.wellbeing.builders import BY, HOUR, a_reminder, shares, the_person
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """A reminder that asks, a day said to be well, a resident watched by the caregiver."""
    shares(cast.resident)
    a_reminder(resident=cast.resident)
    actions.ask_due(now=NOON)
    actions.report_ok(cast.resident, who=the_person(cast.resident), now=NOON)
    actions.watch_everybody(now=NOON - HOUR)
    actions.assign_watched(cast.resident, caregiver=cast.caregiver, by=BY, now=NOON)
    actions.declare_event(area=cast.grid, kind=AreaEvent.Kind.HEAT, within_h=24, by=BY, now=NOON)
    actions.record_welfare(
        cast.resident,
        kind=WelfareContact.Kind.VISIT,
        outcome=WelfareContact.Outcome.WELL,
        by=BY,
        by_name="沈慧",
        now=NOON,
    )
