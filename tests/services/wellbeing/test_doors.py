"""A daughter sets a reminder, the telephone asks, a key answers, she sees it; by consent only."""

from datetime import timedelta

import pytest

from backend.accounts.actors import actor_of
from backend.core import clock, journal
from backend.core.models import JournalEvent
from backend.people.actions import withdraw_consent
from notifications import words
from notifications.models import Delivery
from notifications.templates import words_of
from services.wellbeing import actions
from services.wellbeing.models import Occurrence, Reminder
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_resident_account,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.wellbeing.builders import (
    HOUR,
    TODAY,
    a_mother,
    a_reminder,
    an_occurrence,
    asked,
    press,
    shares,
)

pytestmark = pytest.mark.django_db

REMINDER = {
    "kind": "medicine",
    "text": "氨氯地平一片",
    "rule": "FREQ=DAILY",
    "times": ["12:00"],
}
FORM = {
    "kind": "medicine",
    "text": "氨氯地平一片",
    "at": "12:00",
    "repeats": "daily",
    "starts_on": TODAY.isoformat(),
    "ahead_min": "0",
}


def test_a_daughter_sets_a_reminder_the_mother_presses_1_and_the_daughter_sees_it() -> None:
    mother = a_mother()
    shares(mother)
    daughter = signed_in(a_family_account(a_contact(resident=mother)))
    way = f"/reminders/of/{mother.pk}/"

    with clock.set_to(NOON - HOUR):
        assert daughter.post(way, FORM).status_code == 302
        assert "每天 12:00" in daughter.get(way, headers=ZH).content.decode()
    actions.ask_due(now=NOON)
    with clock.set_to(NOON):
        card = daughter.get(f"/family/{mother.pk}/wellbeing/", headers=ZH).content.decode()
        assert "已提醒，还没回应" in card
    press(asked("reminder_ask")[0], "1")
    with clock.set_to(NOON + HOUR):
        card = daughter.get(f"/family/{mother.pk}/wellbeing/", headers=ZH).content.decode()

    assert "氨氯地平一片" in card
    assert "已完成" in card


ZH = {"Accept-Language": "zh-hans"}


def test_without_consent_the_family_sees_sets_and_hears_nothing() -> None:
    mother = a_mother()
    consent = shares(mother)
    user = a_family_account(a_contact(resident=mother))
    api, page = api_of(user), signed_in(user)
    with clock.set_to(NOON - HOUR):
        made = api.post("/api/v1/reminders/", {**REMINDER, "resident": str(mother.pk)})
    assert made.status_code == 201, made.json()

    withdraw_consent(consent, by="user:x", now=NOON)

    with clock.set_to(NOON):
        assert api.get("/api/v1/reminders/").json()["results"] == []
        assert api.get(f"/api/v1/reminders/{made.json()['id']}/").status_code == 404
        again = api.post("/api/v1/reminders/", {**REMINDER, "resident": str(mother.pk)})
        assert again.status_code == 422
        assert page.get(f"/reminders/of/{mother.pk}/").status_code == 404
        assert "氨氯地平" not in page.get(f"/family/{mother.pk}/wellbeing/").content.decode()
    while journal.number_committed():
        pass
    seen = journal.since(0, viewpoint=actor_of(user).viewpoint())
    assert not seen.filter(type__startswith="reminder.").exists()
    assert JournalEvent.objects.filter(type="reminder.set").exists()


def test_the_mother_taps_taken_on_her_own_page() -> None:
    row = an_occurrence()
    elder = signed_in(a_resident_account(row.resident))

    with clock.set_to(NOON):
        assert "氨氯地平一片" in elder.get("/reminders/now/").content.decode()
        elder.post(f"/reminders/times/{row.pk}/answer/", {"answer": "done"})
        assert "氨氯地平一片" not in elder.get("/reminders/now/").content.decode()

    assert (reloaded(row).state, reloaded(row).way) == (Occurrence.State.DONE, "tap")
    assert asked("reminder_ask")[0].state == Delivery.State.STOPPED


def test_somebody_elses_reminder_is_not_answered() -> None:
    row = an_occurrence()
    stranger = api_of(a_resident_account(a_mother()))

    answer = stranger.post(f"/api/v1/occurrences/{row.pk}/answer/", {"answer": "done"})

    assert answer.status_code == 404
    assert reloaded(row).state == Occurrence.State.ASKED


def test_the_same_post_twice_sets_one_reminder() -> None:
    mother = a_mother()
    api = api_of(a_user(role="lead", area=mother.area))
    body = {**REMINDER, "resident": str(mother.pk)}

    with clock.set_to(NOON - HOUR):
        for _ in range(2):
            api.post("/api/v1/reminders/", body, headers={"Idempotency-Key": "one"})

    assert Reminder.objects.count() == 1


def test_the_desk_changes_and_ends_a_reminder() -> None:
    reminder = a_reminder()
    user = a_user(role="lead", area=reminder.resident.area)
    api, desk = api_of(user), signed_in(user)

    with clock.set_to(NOON - HOUR):
        answer = api.patch(f"/api/v1/reminders/{reminder.pk}/", {"times": ["13:00"]})
        assert answer.json()["next_at"] is not None
        assert reloaded(reminder).due_at == NOON + HOUR
        page = desk.get(f"/desk/residents/{reminder.resident_id}/reminders/").content.decode()
        assert "氨氯地平一片" in page
        panel = desk.get(f"/desk/residents/{reminder.resident_id}/wellbeing/").content.decode()
        assert "氨氯地平一片" in panel
        desk.post(f"/reminders/{reminder.pk}/end/")

    assert reloaded(reminder).due_at is None


def test_a_rule_that_cannot_be_read_is_refused_with_its_code() -> None:
    mother = a_mother()
    api = api_of(a_user(role="lead", area=mother.area))

    answer = api.post(
        "/api/v1/reminders/", {**REMINDER, "rule": "FREQ=HOURLY", "resident": str(mother.pk)}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_rule")


@pytest.mark.parametrize(
    ("text", "key"),
    [("1", "1"), ("吃了", "1"), ("１ 吃了", "1"), ("过会儿", "2"), ("0", "0"), ("1号楼哪个门", "")],
)
def test_people_answer_in_their_own_words(text: str, key: str) -> None:
    assert words.key_of(text, also=words_of("reminder_ask_medicine")) == key


def test_a_time_at_noon_in_another_form_of_days_is_asked_on_those_days() -> None:
    mother = a_mother()
    desk = signed_in(a_user(role="lead", area=mother.area))

    with clock.set_to(NOON - HOUR):
        filled = {**FORM, "repeats": "days", "days": ["TU", "TH"], "at_2": "18:00"}
        desk.post(f"/desk/residents/{mother.pk}/reminders/", filled)

    reminder = Reminder.objects.get()
    assert reminder.rule == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert reminder.due_at == NOON + timedelta(days=1)
