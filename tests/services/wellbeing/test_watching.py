"""Nobody forgotten: who is watched, what is owed, and what climbs."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest

from backend.audit.models import AuditRow
from backend.core import clock, journal
from backend.core.journal import append
from backend.people.actions import set_life_state
from backend.people.models import Caregiver, Resident
from notifications.actions.preferring import set_preference
from notifications.models import Delivery
from services.alerts.worklists import worklists
from services.emergencies.models import EmergencyCall
from services.visits import actions as visits
from services.wellbeing import actions, reading
from services.wellbeing.lists import listed
from services.wellbeing.models import AreaEvent, Occurrence, Reminder, Watched, WelfareContact
from tests.builders import (
    NOON,
    a_caregiver,
    a_contact,
    a_device,
    a_phone,
    a_resident,
    a_user,
    an_area,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.visits.builders import BY_HAND, a_care_plan, an_act, an_assigned_visit
from tests.services.wellbeing.builders import (
    BY,
    DAY,
    HOUR,
    MINUTE,
    TODAY,
    a_mother,
    a_reminder,
    the_person,
)

pytestmark = pytest.mark.django_db


def watched(resident: Resident | None = None, **fields: Any) -> Watched:
    """Somebody at risk, watched since yesterday noon."""
    mother = resident or a_mother(**fields)
    actions.watch_everybody(now=NOON - DAY)
    return Watched.objects.get(resident=mother)


@pytest.mark.parametrize(
    ("living", "born", "days"),
    [
        (["alone", "disabled_elder"], None, 1),
        (["alone"], date(1940, 1, 1), 3),
        (["alone"], date(1955, 1, 1), 7),
        (["severe_disability"], None, 7),
        (["lost_only_child"], None, 7),
        (["empty_nest"], None, 30),
        (["left_behind"], date(2015, 1, 1), 30),
    ],
)
def test_how_often_somebody_is_heard_of_follows_how_they_live(
    living: list[str], born: date | None, days: int
) -> None:
    row = watched(living=living, birth_date=born)

    assert (row.every_days, row.owed_at) == (days, NOON - DAY + timedelta(days=days))


def test_who_lives_with_their_family_is_not_watched() -> None:
    a_mother(living=["with_family"])

    assert actions.watch_everybody(now=NOON) == 0


def test_the_next_contact_is_the_grid_workers() -> None:
    community = an_area(parent=an_area(parent=an_area()))
    grid = an_area(parent=community)
    worker = a_caregiver(area=community, kind="grid_worker")

    assert watched(area=grid).assigned_to == worker


def test_a_visit_counts_and_moves_on_what_is_owed() -> None:
    mother = a_mother()
    row = watched(mother)
    visit, carer = an_assigned_visit(to=mother)
    visits.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)
    event = journal.about(visit.reference).filter(type="visit.checked_in").get()

    reading.hear_of_visit(event, NOON)

    row = reloaded(row)
    assert (row.heard_how, row.heard_at) == (Watched.Heard.VISIT, NOON)
    assert row.owed_at == NOON + 7 * DAY


def test_an_answered_question_counts_and_older_news_do_not() -> None:
    mother = a_mother()
    row = watched(mother)
    data = {"person": f"resident:{mother.pk}"}
    event = append("test:1", "delivery.replied", at=NOON, data=data)

    reading.hear_of_reply(event, NOON)
    actions.hear(mother, how=Watched.Heard.VISIT, by=BY, at=NOON - HOUR)

    assert reloaded(row).heard_how == Watched.Heard.CALL


def test_somebody_who_arrived_at_a_call_has_heard_of_them() -> None:
    mother = a_mother()
    row = watched(mother)
    event = append("call:1", "call.arrived", at=NOON, resident_id=mother.pk, by="caregiver:1")

    reading.hear_of_call(event, NOON)

    assert reloaded(row).heard_how == Watched.Heard.EMERGENCY


def record(resident: Resident, outcome: str, **fields: Any) -> WelfareContact:
    return actions.record_welfare(
        resident,
        kind=WelfareContact.Kind.VISIT,
        outcome=WelfareContact.Outcome(outcome),
        **{"by": BY, "by_name": "沈慧", "now": NOON, **fields},
    )


def test_who_was_not_reached_is_still_owed_a_contact() -> None:
    row = watched()
    owed_at = row.owed_at

    record(row.resident, "not_reached")
    assert reloaded(row).owed_at == owed_at
    record(row.resident, "well")
    assert reloaded(row).owed_at == NOON + 7 * DAY


def test_who_needs_help_is_called_back_by_the_desk() -> None:
    row = watched()

    record(row.resident, "needs_help")

    assert EmergencyCall.objects.get().source_metric == "welfare"


def test_an_event_makes_everybody_at_risk_in_its_area_owed_within_a_day() -> None:
    street = an_area(parent=an_area())
    here = watched(area=an_area(parent=street))
    elsewhere = watched(area=an_area())
    sooner = watched(area=an_area(parent=street))
    Watched.objects.filter(pk=sooner.pk).update(owed_at=NOON + HOUR, due_at=NOON + HOUR)

    event = actions.declare_event(
        area=street, kind=AreaEvent.Kind.HEAT, within_h=24, by=BY, now=NOON
    )

    assert event.owed_count == 1
    assert (reloaded(here).owed_at, reloaded(here).event) == (NOON + DAY, event)
    assert reloaded(elsewhere).event is None
    assert reloaded(sooner).owed_at == NOON + HOUR
    actions.hear(here.resident, how=Watched.Heard.OK, by=BY, at=NOON + HOUR)
    assert reloaded(here).owed_at == NOON + HOUR + 7 * DAY


def test_what_is_overdue_climbs_to_the_lead_the_officer_and_again_each_day() -> None:
    area = an_area()
    lead = a_user(role="lead", area=area, phone=a_phone())
    a_user(role="officer", area=area, phone=a_phone())
    rows = [watched(area=area), watched(area=area)]
    over = NOON + 6 * DAY

    assert actions.climb_due(now=over - HOUR) == 0
    assert actions.climb_due(now=over) == 2
    told = Delivery.objects.filter(template="welfare_overdue")
    assert [(each.person, each.context["count"]) for each in told] == [(lead.reference, "2")]
    assert actions.climb_due(now=over + HOUR) == 0
    actions.climb_due(now=over + DAY)
    actions.climb_due(now=over + 2 * DAY)

    assert [reloaded(row).climbs for row in rows] == [3, 3]
    assert reloaded(rows[0]).climbed_to == "officer"


def test_a_leader_hears_of_everybody_who_climbs_in_one_message_an_hour() -> None:
    area = an_area()
    lead = a_user(role="lead", area=area, phone=a_phone())
    over = NOON + 6 * DAY
    for minutes in (0, 1, 2, 3):
        row = watched(area=area)
        Watched.objects.filter(pk=row.pk).update(due_at=over + minutes * MINUTE)

    def told() -> list[str]:
        found = Delivery.objects.filter(person=lead.reference).order_by("due_at")
        return [each.context["count"] for each in found]

    actions.climb_due(now=over)
    actions.climb_due(now=over + MINUTE)
    assert told() == ["2"], "nobody has begun to send it"
    Delivery.objects.update(attempt_count=1)
    actions.climb_due(now=over + 2 * MINUTE)
    actions.climb_due(now=over + 3 * MINUTE)

    assert told() == ["2", "2"]
    assert Delivery.objects.latest("due_at").due_at == over + HOUR


def test_who_turns_80_is_heard_of_more_often_from_that_day_on() -> None:
    row = watched(living=["alone"], birth_date=date(1946, 11, 25))
    assert row.every_days == 7

    actions.follow_ages(now=NOON + DAY)
    assert reloaded(row).every_days == 7
    actions.follow_ages(now=NOON + 2 * DAY)

    assert reloaded(row).every_days == 3
    assert actions.follow_ages(now=NOON + 3 * DAY) == 0


@pytest.mark.parametrize("door", ["/api/v1/welfare-contacts/", "/desk/residents/{}/welfare/"])
def test_how_somebody_was_found_is_read_on_record(door: str) -> None:
    mother = a_mother()
    actions.record_welfare(
        mother,
        kind=WelfareContact.Kind.VISIT,
        outcome=WelfareContact.Outcome.WELL,
        note="咳嗽",
        by=BY,
        by_name="王丽",
        now=NOON,
    )
    lead = a_user(role="lead", area=mother.area)
    reader = api_of(lead) if door.startswith("/api") else signed_in(lead)

    with clock.set_to(NOON):
        assert "咳嗽" in reader.get(door.format(mother.pk)).content.decode()

    read = AuditRow.objects.get(action="read", resident_id=mother.pk)
    assert (read.actor, read.fields) == (lead.reference, ["welfare_notes"])


def test_who_was_given_to_somebody_who_left_has_no_carer() -> None:
    row = watched()
    carer = a_caregiver(area=row.resident.area)
    actions.assign_watched(row.resident, caregiver=carer, by=BY, now=NOON)
    assert row not in listed(Watched.objects.all(), "no_carer", now=NOON)

    Caregiver.objects.filter(pk=carer.pk).update(active=False)

    assert row in listed(Watched.objects.all(), "no_carer", now=NOON)


def test_it_stands_on_the_board_of_what_waits() -> None:
    row = watched()
    lead = a_user(role="lead", area=row.resident.area)
    over = NOON + 6 * DAY + HOUR

    with clock.set_to(over):
        page = signed_in(lead).get("/desk/zero/?list=forgotten", headers={"Accept-Language": "en"})

    assert "forgotten" in [each.name for each in worklists()]
    assert "To be heard of" in page.content.decode()


def test_who_goes_to_hospital_is_not_owed_and_is_again_when_home() -> None:
    row = watched()
    resident = row.resident

    def hear(state: Resident.LifeState) -> None:
        set_life_state(resident, state=state, since=TODAY, by=BY, now=NOON)
        event = journal.about(f"resident:{resident.pk}").last()
        assert event is not None
        reading.hear_of_resident(event, NOON)

    hear(Resident.LifeState.HOSPITAL)
    assert (reloaded(row).owed_at, reloaded(row).due_at) == (None, None)
    hear(Resident.LifeState.HOME)
    assert reloaded(row).owed_at == NOON + 7 * DAY
    hear(Resident.LifeState.DIED)
    assert not Watched.objects.filter(pk=row.pk).exists()


def test_lists_name_those_without_a_contact_a_carer_or_a_working_device() -> None:
    bare, cared_for = a_resident(), a_resident()
    a_contact(resident=cared_for)
    a_care_plan(resident=cared_for)
    a_device(resident=cared_for)
    silent = a_resident()
    a_device(resident=silent, online=False)
    actions.watch_everybody(now=NOON)

    def named(name: str) -> set[Any]:
        rows = listed(Watched.objects.all(), name, now=NOON)
        return set(rows.values_list("resident_id", flat=True))

    assert named("no_contact") == {bare.pk, silent.pk}
    assert named("no_carer") == {bare.pk, silent.pk}
    assert named("no_device") == {bare.pk, silent.pk}


def test_the_desk_writes_down_a_visit_names_a_carer_and_declares_an_event() -> None:
    row = watched()
    area = row.resident.area
    lead = signed_in(a_user(role="lead", area=area))
    carer = a_caregiver(area=area)
    way = f"/desk/residents/{row.resident_id}/welfare/"

    with clock.set_to(NOON):
        assert row.resident.name in lead.get("/desk/nobody-forgotten/").content.decode()
        lead.post(way, {"kind": "visit", "outcome": "well", "note": "很好"})
        lead.post(f"/desk/nobody-forgotten/{row.resident_id}/assign/", {"caregiver": str(carer.pk)})
        lead.post("/desk/area-events/", {"kind": "heat", "area": area.pk, "within_h": 24})

    row = reloaded(row)
    assert (row.heard_how, row.assigned_to) == (Watched.Heard.WELFARE_VISIT, carer)
    assert AreaEvent.objects.get().area == area


def test_what_is_pressed_twice_is_written_down_once_and_something_else_as_well() -> None:
    row = watched()
    area = row.resident.area
    lead = signed_in(a_user(role="lead", area=area))
    way = f"/desk/residents/{row.resident_id}/welfare/"
    said = {"once": "k1", "kind": "call", "outcome": "not_reached", "note": ""}
    event = {"once": "k2", "kind": "heat", "area": area.pk, "within_h": 24}

    with clock.set_to(NOON):
        for _ in range(2):
            assert lead.post(way, said).status_code == 302
            assert lead.post("/desk/area-events/", event).status_code == 302
        lead.post(way, {**said, "note": "再打一次"})
        lead.post(way, {**said, "once": "k3"})

    assert WelfareContact.objects.count() == 3
    assert AreaEvent.objects.count() == 1


def test_each_of_the_two_pages_carries_a_key_of_its_own() -> None:
    row = watched()
    lead = signed_in(a_user(role="lead", area=row.resident.area))
    carried = re.compile(r'name="once" value="(\w{32})"')

    for way in (f"/desk/residents/{row.resident_id}/welfare/", "/desk/nobody-forgotten/"):
        keys = {key for _ in range(2) for key in carried.findall(lead.get(way).content.decode())}
        assert len(keys) == 2, way


def test_who_is_not_reminded_as_it_falls_into_their_quiet_hours_stands_on_a_list() -> None:
    quiet, late, other = watched(), watched(), watched()
    for row in (quiet, late, other):
        a_reminder(resident=row.resident, kind="medicine", times=[time(12)])
    set_preference(
        f"resident:{quiet.resident_id}",
        channels=["voice"],
        quiet_from=time(11),
        quiet_until=time(14),
    )
    Reminder.objects.filter(resident=late.resident).update(due_at=NOON + DAY)
    actions.ask_due(now=NOON)
    Reminder.objects.filter(resident=late.resident).update(due_at=NOON)
    actions.ask_due(now=NOON + timedelta(hours=1))

    rows = listed(Watched.objects.all(), "quiet", now=NOON + timedelta(hours=20))

    assert Occurrence.objects.filter(state="dropped").count() == 2
    assert [row.resident_id for row in rows] == [quiet.resident_id]


def test_a_caregiver_writes_down_whom_they_were_to_hear_of_and_nobody_else() -> None:
    row, other = watched(), watched()
    carer = a_caregiver(area=row.resident.area)
    actions.assign_watched(row.resident, caregiver=carer, by=BY, now=NOON)
    user = a_user(role="caregiver", caregiver=carer)
    said = {"kind": "visit", "outcome": "well"}

    with clock.set_to(NOON):
        assert row.resident.name in signed_in(user).get("/care/welfare/").content.decode()
        api = api_of(user)
        good = api.post("/api/v1/welfare-contacts/", {**said, "resident": row.resident_id})
        bad = api.post("/api/v1/welfare-contacts/", {**said, "resident": other.resident_id})

    assert (good.status_code, bad.status_code) == (201, 422)
    assert reloaded(row).heard_at == NOON


def test_somebody_said_to_be_well_today_is_heard_of() -> None:
    row = watched()

    actions.report_ok(row.resident, who=the_person(row.resident), now=NOON)

    assert reloaded(row).heard_how == Watched.Heard.OK
