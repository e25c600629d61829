"""Visits that do not go as planned, said by whoever goes."""

from datetime import timedelta

import pytest

from backend.audit.models import AuditRow
from backend.core import clock
from backend.core.models import JournalEvent
from services.alerts.models import Alert
from services.visits import actions
from services.visits.actions import alerting
from services.visits.errors import NotTheirVisit, VisitUnderway
from services.visits.gathering import gather
from services.visits.models import DayPlan, Visit, VisitNote
from services.visits.reading import hear_turned_down
from tests.builders import NOON, a_caregiver, a_caregiver_on_shift, a_user, api_of, reloaded
from tests.services.visits.builders import BY_HAND, TODAY, an_act, an_assigned_visit

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def open_alerts() -> list[str]:
    return list(Alert.objects.filter(state__in=Alert.OPEN).values_list("kind", flat=True))


def test_a_visit_that_is_turned_down_waits_for_somebody_and_alerts_the_desk() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + 30 * MINUTE)

    for _ in range(2):
        actions.turn_down(visit, reason="ill", act=an_act(carer), now=NOON)
    alerting.run_due(now=NOON)

    visit = reloaded(visit)
    assert (visit.state, visit.unserved) == (Visit.State.PLANNED, Visit.Unserved.ABSENT)
    assert open_alerts() == ["visit_unstaffed"]
    assert JournalEvent.objects.filter(type="visit.turned_down").count() == 1


def test_nobody_who_turned_a_visit_down_is_proposed_for_it_again() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + 3 * 60 * MINUTE)

    actions.turn_down(visit, reason="way", act=an_act(carer), now=NOON)

    [job] = gather(visit.area, TODAY, now=NOON).problem.jobs
    assert job.refused == {str(carer.pk)}


def test_somebody_else_is_proposed_when_a_visit_is_turned_down() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + 3 * 60 * MINUTE)
    near = a_caregiver_on_shift(near=visit.resident)
    actions.turn_down(visit, reason="way", act=an_act(carer), now=NOON)

    hear_turned_down(JournalEvent.objects.get(type="visit.turned_down"), NOON)

    [leg] = DayPlan.objects.get().legs
    assert leg["carers"] == [str(near.pk)]


def test_a_visit_that_has_begun_is_not_turned_down() -> None:
    visit, carer = an_assigned_visit()
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)

    with pytest.raises(VisitUnderway):
        actions.turn_down(visit, reason="ill", act=an_act(carer), now=NOON)


def test_whoever_was_never_assigned_turns_nothing_down() -> None:
    visit, _carer = an_assigned_visit()

    with pytest.raises(NotTheirVisit):
        actions.turn_down(visit, reason="ill", act=an_act(a_caregiver()), now=NOON)


def test_nobody_opening_is_an_alert_with_a_note_and_once() -> None:
    visit, carer = an_assigned_visit()
    act = an_act(carer, key="one")

    for _ in range(2):
        actions.report_not_met(visit, text="nobody opens", act=act, now=NOON)

    alert = Alert.objects.get()
    assert (alert.kind, alert.times_seen, alert.resident_id) == ("no_answer", 1, visit.resident_id)
    assert [note.text for note in VisitNote.objects.all()] == ["nobody opens"]
    assert reloaded(visit).state == Visit.State.ASSIGNED


def test_who_is_met_after_all_is_no_alert_any_more() -> None:
    visit, carer = an_assigned_visit()
    actions.report_not_met(visit, text="nobody opens", act=an_act(carer), now=NOON)

    actions.check_in(visit, act=an_act(carer, at=NOON + MINUTE), proof=BY_HAND, now=NOON + MINUTE)

    assert open_alerts() == []


def test_leaving_a_door_that_nobody_opened_keeps_the_alert() -> None:
    visit, carer = an_assigned_visit()
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)
    actions.report_not_met(visit, text="nobody opens", act=an_act(carer), now=NOON)

    actions.check_out(visit, act=an_act(carer, at=NOON + MINUTE), proof=BY_HAND, now=NOON + MINUTE)

    assert open_alerts() == ["no_answer"]


def test_a_look_at_how_to_get_in_is_kept_with_its_time_and_once() -> None:
    visit, carer = an_assigned_visit()
    account = a_user(role="caregiver", caregiver=carer)
    sent = {"key": "1", "at": NOON.isoformat()}

    with clock.set_to(NOON + 60 * MINUTE):
        for _ in range(2):
            api_of(account).post(f"/api/v1/visits/{visit.pk}/door/", sent)

    [row] = AuditRow.objects.filter(action="read", subject=visit.reference)
    assert (row.at, row.actor, "door_code" in row.fields) == (NOON, account.reference, True)


def test_over_the_api_a_caregiver_turns_down_and_says_that_nobody_opened() -> None:
    visit, carer = an_assigned_visit()
    api = api_of(a_user(role="caregiver", caregiver=carer))
    way = f"/api/v1/visits/{visit.pk}"

    with clock.set_to(NOON):
        said = api.post(f"{way}/not-met/", {"key": "1", "text": "nobody opens"})
        down = api.post(f"{way}/turn-down/", {"key": "2", "reason": "other"})
        wrong = api.post(f"{way}/turn-down/", {"key": "3", "reason": "no reason"})

    assert (said.status_code, down.status_code, wrong.status_code) == (200, 200, 422)
    assert down.json()["unserved"] == "absent"
