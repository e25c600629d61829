"""A relative's day at a glance: a sentence and small facts, strictly by what is shared."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from backend.accounts.actors import actor_of
from backend.accounts.models import User
from backend.core import clock
from backend.people.actions import withdraw_consent
from backend.people.models import Consent, Resident
from backend.web.today import Source, facts_for, register_fact
from devices.models import Reading
from devices.readings import ensure_partitions
from services.alerts.actions import raise_alert
from services.emergencies.actions import resolve_call
from services.emergencies.models import EmergencyCall
from services.emergencies.today import day_of
from services.visits.models import Visit
from tests.builders import (
    NOON,
    a_caregiver,
    a_contact,
    a_device,
    a_family_account,
    a_resident,
    a_ringing_call,
    api_of,
    signed_in,
)
from tests.services.visits.builders import a_visit

pytestmark = pytest.mark.django_db

Item = Consent.Item
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shares(resident: Resident, *items: Item) -> None:
    for item in items or tuple(Item):
        Consent.objects.create(
            resident=resident,
            item=item,
            purpose=item,
            given_by=f"resident:{resident.pk}",
            given_at=NOON,
            recorded_by="user:1",
        )


def a_daughter() -> tuple[Resident, User]:
    contact = a_contact(resident=a_resident(name="陈桂英"))
    return contact.resident, a_family_account(contact, language="en")


def moved(resident: Resident, *, at: datetime, kind: str = "motion", value: float = 1.0) -> None:
    sensor = a_device(resident=resident, kind=kind)
    ensure_partitions(NOON)
    Reading.objects.create(device=sensor, metric=kind, value=value, at=at, received_at=at, flags=0)


def day(user: User, resident: Resident, *, now: datetime = NOON) -> dict[str, str]:
    """The facts as one reader sees them, the sentence under ""."""
    seen = day_of(actor_of(user), resident, now=now)
    facts = {
        each.name: (each.fact.text if each.fact else "") if each.is_shared else "not shared"
        for each in seen.facts
    }
    return {"": seen.sentence, **facts}


def test_what_is_not_shared_says_so_and_is_never_an_empty_box() -> None:
    resident, daughter = a_daughter()
    raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)

    assert day(daughter, resident) == {
        "": "There is no bad news of Ms Chen today.",
        "ok": "not shared",
        "moved": "not shared",
        "visits": "not shared",
        "medicines": "not shared",
        "alerts": "not shared",
        "calls": "No call for help.",
    }


def test_a_day_on_which_all_is_well_says_so_first_and_then_what_was_seen() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    moved(resident, at=NOON - timedelta(hours=1))
    a_visit(
        to=resident,
        carers=(a_caregiver(area=resident.area, name="王敏"),),
        starts_at=NOON + timedelta(hours=2),
    )

    assert day(daughter, resident) == {
        "": "Ms Chen is well today.",
        "moved": "Last movement at home.",
        "visits": "王敏 comes for bathing.",
        "alerts": "Nothing looks wrong at home.",
        "calls": "No call for help.",
    }


def test_what_is_wrong_in_the_home_is_not_passed_over_as_it_names_nobody() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    home = resident.household
    raise_alert(kind="water", area=resident.area, household=home, now=NOON)
    call = a_ringing_call(resident=resident)
    EmergencyCall.objects.filter(pk=call.pk).update(resident=None, household=home)

    seen = day(daughter, resident)

    assert "the care centre has been told" in seen["alerts"]
    assert seen["calls"].startswith("A call for help is running")


def test_a_bed_that_was_not_left_for_a_day_is_no_movement() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    moved(resident, at=NOON - timedelta(minutes=1), kind="bed")
    sensor = Reading.objects.get().device
    for hours in range(1, 27):
        at = NOON - timedelta(hours=hours)
        Reading.objects.create(
            device=sensor, metric="bed", value=1.0, at=at, received_at=at, flags=0
        )

    seen = day(daughter, resident)

    assert seen["moved"] == "The sensors have noticed no movement for a day."
    assert seen[""] == "Little is known of Ms Chen today."


def test_what_is_wrong_comes_with_what_is_done_about_it() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    raise_alert(kind="water", area=resident.area, resident=resident, now=NOON)

    seen = day(daughter, resident)

    assert seen[""] == "There is something to know about Ms Chen. It is being looked after."
    assert seen["alerts"] == "water leak: the care centre has been told."


def test_a_visit_that_nobody_made_is_told_with_who_sees_to_it() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    visit = a_visit(to=resident)
    Visit.objects.filter(pk=visit.pk).update(state="missed", missed_at=NOON)

    assert day(daughter, resident)["visits"] == (
        "Nobody came for bathing yet. The care centre is seeing to it."
    )


def test_somebody_who_came_is_good_news_whatever_comes_later() -> None:
    resident, daughter = a_daughter()
    shares(resident, Item.VISITS)
    done = a_visit(to=resident, carers=(a_caregiver(area=resident.area, name="王敏"),))
    Visit.objects.filter(pk=done.pk).update(state="done", started_at=NOON, due_at=None)
    a_visit(to=resident, starts_at=NOON + timedelta(hours=4), service="meals")

    seen = day(daughter, resident)

    assert seen["visits"] == "王敏 was there for bathing."
    assert seen[""] == "Ms Chen is well today."


@pytest.mark.parametrize(
    ("ago", "text", "sentence"),
    [
        (timedelta(minutes=1), "Somebody is moving about at home.", "Ms Chen is well today."),
        (timedelta(hours=9), "Last movement at home.", "There is no bad news of Ms Chen today."),
        (
            timedelta(hours=30),
            "The sensors have noticed no movement for a day.",
            "Little is known of Ms Chen today.",
        ),
    ],
)
def test_movement_is_good_news_only_while_it_is_fresh(
    ago: timedelta, text: str, sentence: str
) -> None:
    resident, daughter = a_daughter()
    shares(resident, Item.HEALTH)
    moved(resident, at=NOON - ago)

    seen = day(daughter, resident)

    assert (seen["moved"], seen[""]) == (text, sentence)


def test_a_sensor_that_only_reports_that_it_works_is_no_movement() -> None:
    resident, daughter = a_daughter()
    shares(resident, Item.HEALTH)
    moved(resident, at=NOON - timedelta(hours=1), value=0.0)

    assert day(daughter, resident)["moved"] == "The sensors have noticed no movement for a day."


def test_a_home_without_sensors_says_nothing_of_movement() -> None:
    resident, daughter = a_daughter()
    shares(resident, Item.HEALTH)

    assert "moved" not in day(daughter, resident)


def test_a_call_that_runs_and_one_that_is_over_are_told_without_a_consent() -> None:
    resident, daughter = a_daughter()
    call = a_ringing_call(resident=resident)
    assert day(daughter, resident)["calls"] == "A call for help is running, and people are on it."

    resolve_call(call, by="user:1", outcome="helped", now=NOON)

    assert day(daughter, resident)["calls"] == "A call for help is over: helped."
    later = day(daughter, resident, now=NOON + timedelta(hours=25))
    assert later["calls"] == "No call for help."


def test_of_who_died_nothing_more_is_told() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    Resident.objects.filter(pk=resident.pk).update(life_state="died")
    resident.refresh_from_db()

    assert day(daughter, resident) == {"": "Ms Chen is not looked after by us any more."}


def test_a_consent_that_is_withdrawn_is_gone_with_the_next_look() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    moved(resident, at=NOON)
    a_visit(to=resident)
    browser, program = signed_in(daughter), api_of(daughter)
    with clock.set_to(NOON):
        assert "not shared" not in browser.get("/", headers=ENGLISH).content.decode()

        for consent in resident.consents.all():
            withdraw_consent(consent, by=f"resident:{resident.pk}", now=NOON)
        page = browser.get("/family/calls/", headers=ENGLISH).json()["html"]
        [told] = program.get("/api/v1/family/today/", headers=ENGLISH).json()

    assert page.count("not shared") == 5
    assert [each["name"] for each in told["facts"] if not each["shared"]] == [
        "ok",
        "moved",
        "visits",
        "medicines",
        "alerts",
    ]
    assert {each["text"] for each in told["facts"] if not each["shared"]} == {""}


def test_several_elders_stand_one_below_the_other_each_with_their_own_consents() -> None:
    first = a_contact(resident=a_resident(name="陈桂英"))
    second = a_contact(resident=a_resident(name="李建国", sex="male"))
    shares(first.resident)
    user = a_family_account(first, second, language="en")

    with clock.set_to(NOON):
        days = api_of(user).get("/api/v1/family/today/", headers=ENGLISH).json()

    by_name = {each["name"]: each for each in days}
    assert set(by_name) == {"Ms Chen", "Mr Li"}
    assert all(fact["shared"] for fact in by_name["Ms Chen"]["facts"])
    assert not all(fact["shared"] for fact in by_name["Mr Li"]["facts"])


def test_nobody_sees_the_day_of_a_stranger() -> None:
    resident, _daughter = a_daughter()
    shares(resident)
    _other, stranger = a_daughter()

    assert facts_for(actor_of(stranger), resident.pk, now=NOON) == []


def test_a_name_has_one_source() -> None:
    source = Source("moved", "again", "family-today", "read", None, lambda _r, _n: None, 1)

    with pytest.raises(ValueError, match="moved"):
        register_fact(source)
