"""The doors of visits: the API, the desk, and what families and elders see."""

from datetime import timedelta

import pytest

from backend.core import clock
from backend.people.actions import give_consent, withdraw_consent
from backend.people.models import Consent
from notifications.inbound import Caller
from notifications.models import Channel, Delivery
from services.alerts.worklists import worklists
from services.visits import actions, asking, codes, policies
from services.visits.actions import alerting
from services.visits.models import CarePlan, CheckEvent, HomeFence, Visit
from tests.builders import (
    NOON,
    a_caregiver,
    a_contact,
    a_family_account,
    a_phone,
    a_resident,
    a_resident_account,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.visits.builders import BY_HAND, TODAY, a_visit, an_act, an_assigned_visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PLAN = {
    "service": "bathing",
    "tasks": ["wash"],
    "duration_min": 30,
    "rule": "FREQ=WEEKLY;BYDAY=MO",
    "at": "14:00",
    "starts_on": TODAY.isoformat(),
}


def test_a_telephone_checks_in_ticks_and_checks_out_over_the_api() -> None:
    visit, carer = an_assigned_visit()
    api = api_of(a_user(role="caregiver", caregiver=carer))
    way = f"/api/v1/visits/{visit.pk}"
    by_hand = {"method": "manual", "reason": "no_position", "offline": True}

    with clock.set_to(NOON + HOUR):
        for _ in range(2):
            api.post(f"{way}/check-in/", {**by_hand, "key": "1", "at": NOON.isoformat()})
        api.post(f"{way}/tasks/", {"key": "2", "task": "wash", "outcome": "done"})
        answer = api.post(f"{way}/check-out/", {**by_hand, "key": "3"})

    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    assert reloaded(visit).started_at == NOON
    assert CheckEvent.objects.count() == 2


def test_the_code_at_the_door_cannot_be_guessed_on_and_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(policies.CHECKS.__dict__, "times", 3)
    visit, carer = an_assigned_visit()
    api = api_of(a_user(role="caregiver", caregiver=carer))
    right = {"method": "code", "code": codes.code_of(visit, at=NOON), "key": "right"}

    with clock.set_to(NOON):
        answers = [
            api.post(
                f"/api/v1/visits/{visit.pk}/check-in/",
                {**right, **guess},
                headers={"Idempotency-Key": str(number)},
            )
            for number, guess in enumerate([{"code": "000000", "key": "a"}] * 3 + [{}])
        ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert not CheckEvent.objects.exists()


def test_a_lead_makes_a_plan_and_lists_its_visits() -> None:
    resident = a_resident()
    api = api_of(a_user(role="lead", area=resident.area))
    with clock.set_to(NOON):
        made = api.post("/api/v1/care-plans/", {**PLAN, "resident": str(resident.pk)})
        assert made.status_code == 201, made.json()
        listed = api.get(f"/api/v1/visits/?day={TODAY}&resident={resident.pk}").json()

    assert [each["service"] for each in listed["results"]] == ["bathing"]


def test_a_plan_changed_by_somebody_else_meanwhile_is_not_overwritten() -> None:
    resident = a_resident()
    api = api_of(a_user(role="lead", area=resident.area))
    with clock.set_to(NOON):
        plan = api.post("/api/v1/care-plans/", {**PLAN, "resident": str(resident.pk)}).json()
        way = f"/api/v1/care-plans/{plan['id']}/"
        assert api.patch(way, {"window_min": 60, "version": 1}).status_code == 200
        answer = api.patch(way, {"window_min": 45, "version": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "care_plan_changed")


def test_a_daughter_sees_visits_and_is_told_of_them_by_consent_only() -> None:
    visit, carer = an_assigned_visit(to=a_resident(sex="female"))
    contact = a_contact(resident=visit.resident)
    api = api_of(a_family_account(contact))

    assert api.get("/api/v1/visits/").json()["results"] == []
    consent = give_consent(
        resident=visit.resident,
        item=Consent.Item.VISITS,
        purpose="visits",
        by="user:x",
        now=NOON,
    )
    assert len(api.get("/api/v1/visits/").json()["results"]) == 1
    actions.check_in(visit, act=an_act(carer), proof=BY_HAND, now=NOON)
    assert Delivery.objects.filter(template="visit_family_arrived").count() == 1

    withdraw_consent(consent, by="user:x", now=NOON)
    actions.check_out(visit, act=an_act(carer), proof=BY_HAND, now=NOON)
    assert api.get("/api/v1/visits/").json()["results"] == []
    assert not Delivery.objects.filter(template="visit_family_left").exists()


def test_news_of_an_arrival_hours_ago_is_told_to_nobody() -> None:
    visit, carer = an_assigned_visit()
    a_family_account(a_contact(resident=visit.resident))
    give_consent(
        resident=visit.resident, item=Consent.Item.VISITS, purpose="v", by="user:x", now=NOON
    )

    actions.check_in(visit, act=an_act(carer, at=NOON), proof=BY_HAND, now=NOON + 3 * HOUR)

    assert not Delivery.objects.exists()


def test_the_elder_reads_who_comes_and_the_code_for_the_door() -> None:
    visit, _carer = an_assigned_visit(starts_at=NOON + HOUR / 4)
    elder = signed_in(a_resident_account(visit.resident))

    with clock.set_to(NOON):
        page = elder.get("/visits/next/", headers={"Accept-Language": "zh-hans"})

    words = " ".join(page.content.decode().split())
    assert "12:15</span></strong> 王敏来帮您洗澡" in words
    assert "请说" in words


def test_an_elder_asks_for_another_time_and_the_desk_decides() -> None:
    visit, _carer = an_assigned_visit(starts_at=NOON + 30 * HOUR)
    api = api_of(a_resident_account(visit.resident))

    with clock.set_to(NOON):
        assert api.post(f"/api/v1/visits/{visit.pk}/wish/", {"wish": "下午来"}).status_code == 200

    assert reloaded(visit).wish == "下午来"
    assert reloaded(visit).window_starts_at == NOON + 30 * HOUR

    desk = signed_in(a_user(role="lead", area=visit.area))
    desk.post(f"/desk/visits/{visit.pk}/leave/")
    assert reloaded(visit).wish == ""


def test_a_lead_sets_a_fence_for_one_home() -> None:
    visit, _carer = an_assigned_visit()
    api = api_of(a_user(role="lead", area=visit.area))

    answer = api.post(f"/api/v1/visits/{visit.pk}/fence/", {"radius_m": 600, "reason": "farm"})

    assert answer.status_code == 200
    assert HomeFence.objects.get(household=visit.resident.household).radius_m == 600


def ask(phone: str) -> tuple[str, dict[str, str]]:
    spoken = asking.say_next_visit(Caller(phone, Channel.VOICE, "CA1"), "3", NOON)
    return spoken.template, dict(spoken.context)


def test_whoever_rings_from_their_own_number_hears_their_next_visit() -> None:
    resident = a_resident(phone=a_phone())
    assert ask(resident.phone)[0] == "visit_none_ahead"

    a_visit(to=resident, starts_at=NOON + 2 * HOUR, carers=(a_caregiver(name="王敏"),))

    assert ask(resident.phone) == (
        "visit_next_by",
        {"when": "今天14:00", "service": "助浴", "carer": "王敏"},
    )
    assert ask(a_phone())[0] == "visit_unknown_caller"


def test_what_is_late_missed_or_without_anybody_waits_on_the_board() -> None:
    late, _carer = an_assigned_visit()
    a_visit(to=late.resident, starts_at=NOON + HOUR)
    [work] = [each for each in worklists() if each.name == "visits"]
    lead = a_user(role="lead", area=late.area)
    now = late.window_ends_at + HOUR / 4
    alerting.run_due(now=now)

    with clock.set_to(now):
        page = signed_in(lead).get("/desk/zero/?list=visits", headers={"Accept-Language": "en"})

    assert work.order == 30
    assert {"Visit late", "Nobody for a visit"} <= {
        word for word in ("Visit late", "Nobody for a visit") if word in page.content.decode()
    }


def test_the_desk_assigns_moves_and_cancels() -> None:
    resident = a_resident()
    visit = a_visit(to=resident, starts_at=NOON + HOUR)
    carer = a_caregiver(area=resident.area)
    desk = signed_in(a_user(role="lead", area=resident.area))
    way = f"/desk/visits/{visit.pk}"

    with clock.set_to(NOON):
        assert carer.name in desk.get(f"{way}/").content.decode()
        desk.post(f"{way}/assign/", {"caregivers": [str(carer.pk)]})
        desk.post(f"{way}/move/", {"starts_at": "2026-11-23T16:00"})
    moved = reloaded(visit)
    assert (moved.state, moved.touched_by_person) == (Visit.State.ASSIGNED, True)
    assert moved.window_starts_at == NOON + 4 * HOUR
    with clock.set_to(NOON):
        desk.post(f"{way}/cancel/", {"reason": "asked"})
    assert reloaded(visit).state == Visit.State.CANCELLED


def test_a_plan_is_made_and_changed_with_its_form() -> None:
    resident = a_resident()
    desk = signed_in(a_user(role="lead", area=resident.area))
    filled = {
        "service": "meals",
        "days": ["MO", "WE"],
        "every_weeks": "1",
        "at": "11:30",
        "window_min": "30",
        "duration_min": "30",
        "tasks": "送餐\n收碗",
        "carers_needed": "1",
        "priority": "1",
        "starts_on": TODAY.isoformat(),
    }

    with clock.set_to(NOON):
        desk.post(f"/desk/residents/{resident.pk}/care-plans/", filled)
        plan = CarePlan.objects.get(resident=resident)
        assert desk.get(f"/desk/care-plans/{plan.pk}/").status_code == 200
        changed = {**filled, "days": ["TU"], "version": "1"}
        assert desk.post(f"/desk/care-plans/{plan.pk}/", changed).status_code == 302

    assert reloaded(plan).rule == "FREQ=WEEKLY;BYDAY=TU"
    assert {visit.day.weekday() for visit in plan.visits.all()} == {1}
