"""What a family sees of being well and of medicines, on the day at a glance."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from backend.accounts.actors import actor_of
from backend.accounts.models import User
from backend.people.models import Resident
from backend.web.today import facts_for
from services.emergencies.today import day_of
from services.wellbeing.models import Occurrence, OkDay
from tests.builders import NOON, a_contact, a_family_account, a_resident, with_token
from tests.services.wellbeing.builders import a_reminder, an_occurrence, shares

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def a_daughter() -> tuple[Resident, User]:
    contact = a_contact(resident=a_resident(name="陈桂英"))
    return contact.resident, a_family_account(contact, language="en")


def seen(daughter: User, resident: Resident) -> dict[str, str]:
    facts = facts_for(actor_of(daughter), resident.pk, now=NOON)
    return {
        each.name: (each.fact.text if each.fact else "") if each.is_shared else "not shared"
        for each in facts
        if each.name in {"ok", "medicines"}
    }


def an_ok_day(resident: Resident, **fields: object) -> OkDay:
    return OkDay.objects.create(
        resident=resident,
        day=NOON.date(),
        **{"by_at": NOON - timedelta(hours=1), "due_at": NOON, **fields},
    )


def test_without_consent_neither_is_shared() -> None:
    resident, daughter = a_daughter()
    an_ok_day(resident)

    assert seen(daughter, resident) == {"ok": "not shared", "medicines": "not shared"}


def test_a_family_sees_whether_they_said_that_all_is_well() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    day = an_ok_day(resident)

    assert "Has not said yet" in seen(daughter, resident)["ok"]

    OkDay.objects.filter(pk=day.pk).update(state="ok", closed_at=NOON, due_at=None)
    assert seen(daughter, resident) == {"ok": "Said that all is well."}

    OkDay.objects.filter(pk=day.pk).update(way="activity")
    assert seen(daughter, resident)["ok"] == "Was heard of, so nobody rang to ask."
    facts = facts_for(actor_of(daughter), resident.pk, now=NOON)
    assert [each.fact.at for each in facts if each.name == "ok" and each.fact] == [None]
    shares(resident, "health")
    assert seen(daughter, resident)["ok"].startswith("Was up and about")


@pytest.mark.parametrize(("way", "item"), [("activity", "health"), ("visit", "visits")])
def test_the_api_tells_a_family_the_way_as_far_as_it_is_shared(way: str, item: str) -> None:
    resident, daughter = a_daughter()
    shares(resident)
    day = an_ok_day(resident)
    OkDay.objects.filter(pk=day.pk).update(state="ok", way=way, closed_at=NOON, due_at=None)

    def told() -> tuple[str, bool]:
        said = with_token(daughter).get(f"/api/v1/ok-days/{day.pk}/").json()
        return said["way"], said["closed_at"] is not None

    assert told() == ("", False)
    shares(resident, item)
    assert told() == (way, True)


def test_a_family_sees_how_many_medicines_of_today_were_taken() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    medicine = a_reminder(resident=resident, kind="medicine")
    taken = an_occurrence(reminder=medicine)
    Occurrence.objects.filter(pk=taken.pk).update(state="done", closed_at=NOON, due_at=None)

    assert seen(daughter, resident)["medicines"] == "All medicines so far were taken."

    Occurrence.objects.filter(pk=taken.pk).update(state="looked_after")
    assert seen(daughter, resident)["medicines"] == "0 of 1 medicines were taken."
    Occurrence.objects.filter(pk=taken.pk).update(state="done")

    an_occurrence(reminder=a_reminder(resident=resident, kind="medicine", text="钙片"))
    assert seen(daughter, resident)["medicines"] == "1 of 2 medicines were taken."


def test_whoever_is_silent_is_not_well_for_having_been_so_in_the_morning() -> None:
    resident, daughter = a_daughter()
    shares(resident)
    taken = an_occurrence(reminder=a_reminder(resident=resident, kind="medicine"))
    Occurrence.objects.filter(pk=taken.pk).update(state="done", closed_at=NOON, due_at=None)
    day = an_ok_day(resident, state="asked")
    assert "is well today" in day_of(actor_of(daughter), resident, now=NOON).sentence

    OkDay.objects.filter(pk=day.pk).update(stage="family")

    sentence = day_of(actor_of(daughter), resident, now=NOON).sentence
    assert "There is something to know" in sentence
