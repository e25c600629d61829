"""Around a visit and a call: from when to when a caregiver sees whom they go to."""

from datetime import datetime, timedelta

import pytest

from backend.accounts.actors import Actor, actor_of
from backend.core import clock
from backend.people.models import Caregiver, Resident
from backend.web.api.visible import households_visible_to, residents_visible_to
from services.emergencies.models import EmergencyCall, Offer
from services.emergencies.queries import calls_visible_to
from services.visits.day import days_of
from services.visits.queries import visits_visible_to
from tests.builders import NOON, a_caregiver, a_resident, a_ringing_call, a_user, an_area, an_offer
from tests.services.visits.builders import a_visit

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def a_visitor(*, area: object = None) -> tuple[Caregiver, Actor]:
    carer = a_caregiver()
    return carer, actor_of(a_user(role="caregiver", caregiver=carer, area=area or an_area()))


def seen(actor: Actor, resident: Resident, *, at: datetime) -> bool:
    with clock.set_to(at):
        people = residents_visible_to(actor).filter(pk=resident.pk).exists()
        homes = households_visible_to(actor).filter(pk=resident.household_id).exists()
    assert people == homes
    return people


def test_a_caregiver_sees_whom_they_visit_from_an_hour_before_to_a_day_after() -> None:
    carer, actor = a_visitor()
    resident = a_resident()
    visit = a_visit(to=resident, starts_at=NOON, carers=(carer,))
    begins, ends = visit.window_starts_at - HOUR, visit.window_ends_at + DAY

    moments = (begins - INSTANT, begins, ends - INSTANT, ends)
    assert [seen(actor, resident, at=moment) for moment in moments] == [False, True, True, False]


def test_who_is_no_longer_assigned_sees_them_no_longer() -> None:
    carer, actor = a_visitor()
    resident = a_resident()
    visit = a_visit(to=resident, starts_at=NOON, carers=(carer,))

    visit.assignments.update(released_at=NOON)

    assert not seen(actor, resident, at=NOON)


def test_a_visit_long_past_or_beyond_the_week_is_not_in_their_list() -> None:
    carer, actor = a_visitor()
    visit = a_visit(starts_at=NOON, carers=(carer,))

    def listed(at: datetime) -> bool:
        with clock.set_to(at):
            return visits_visible_to(actor, "list").filter(pk=visit.pk).exists()

    assert listed(NOON - 7 * DAY)
    assert not listed(NOON - 8 * DAY)
    assert not listed(visit.window_ends_at + DAY)


def test_what_was_done_without_network_is_taken_for_a_week() -> None:
    carer, actor = a_visitor()
    visit = a_visit(starts_at=NOON, carers=(carer,))

    def taken(at: datetime) -> bool:
        with clock.set_to(at):
            return visits_visible_to(actor, "check-out").filter(pk=visit.pk).exists()

    assert taken(visit.window_ends_at + 6 * DAY)
    assert not taken(visit.window_ends_at + 7 * DAY)


def test_the_telephone_is_told_until_when_it_may_hold_a_visit_and_health_only_in_the_shift() -> (
    None
):
    carer, _actor = a_visitor()
    resident = a_resident(allergies="penicillin")
    visit = a_visit(to=resident, starts_at=NOON, carers=(carer,))

    def told(at: datetime) -> dict[str, object]:
        [shown] = days_of(carer.pk, now=at, language="en").content["visits"]
        return dict(shown)

    before, within = told(NOON - HOUR - INSTANT), told(NOON - HOUR)
    assert (before["know"], before["door"]) == ([], None)
    assert "penicillin" in str(within["know"])
    assert within["keep_until"] == (visit.window_ends_at + DAY).isoformat()


@pytest.mark.parametrize(
    ("answer", "is_seen"),
    [(Offer.Answer.NONE, True), (Offer.Answer.INFORMED, True), (Offer.Answer.CANNOT, False)],
)
def test_a_call_concerns_whom_it_was_offered_to_until_they_say_no(
    answer: Offer.Answer, is_seen: bool
) -> None:
    carer, actor = a_visitor()
    call = a_ringing_call()
    offer = an_offer(call, to=carer)
    Offer.objects.filter(pk=offer.pk).update(answer=answer)

    with clock.set_to(NOON):
        assert calls_visible_to(actor).filter(pk=call.pk).exists() is is_seen
    assert call.resident is not None
    assert seen(actor, call.resident, at=NOON) is is_seen


def test_a_call_that_is_over_concerns_for_a_day_who_went_and_nobody_else_who_was_asked() -> None:
    (carer, actor), (asked, other) = a_visitor(), a_visitor()
    call = a_ringing_call()
    for each in (carer, asked):
        an_offer(call, to=each)
    EmergencyCall.objects.filter(pk=call.pk).update(
        state=EmergencyCall.State.RESOLVED,
        accepted_by_caregiver=carer,
        resolved_at=NOON,
        due_at=None,
    )
    assert call.resident is not None

    moments = (NOON, NOON + DAY - INSTANT, NOON + DAY)
    assert [seen(actor, call.resident, at=moment) for moment in moments] == [True, True, False]
    assert not seen(other, call.resident, at=NOON)
