"""A reminder asks, an answer ends it, silence climbs."""

from datetime import date, time, timedelta

import pytest

from backend.core import journal
from backend.core.errors import Invalid
from backend.people.actions import set_life_state
from backend.people.models import Resident
from notifications.actions import set_preference
from notifications.models import Channel, Delivery
from notifications.templates import render_speech, render_text
from services.alerts.actions import resolve_alert
from services.alerts.models import Alert
from services.emergencies.actions import resolve_call
from services.emergencies.models import EmergencyCall
from services.wellbeing import actions, ladder, policies, reading
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.errors import InQuietHours, NeverAsks
from services.wellbeing.models import Occurrence, Reminder, Stage, Way
from tests.builders import NOON, a_caregiver_on_shift, a_ringing_call, reloaded
from tests.services.wellbeing.builders import (
    BY,
    DAY,
    HOUR,
    MINUTE,
    TODAY,
    a_mother,
    a_reminder,
    an_occurrence,
    asked,
    press,
    read_news,
    the_person,
    with_family,
)

pytestmark = pytest.mark.django_db

State = Occurrence.State


def follow_up(now: object) -> None:
    ladder.run_due(ladder.REMINDERS, now=now)  # type: ignore[arg-type]


def test_at_its_hour_the_telephone_is_owed_a_call_that_reads_it_out() -> None:
    reminder = a_reminder()

    assert actions.ask_due(now=NOON - MINUTE) == 0
    assert actions.ask_due(now=NOON) == 1

    [call] = asked("reminder_ask")
    assert (call.person, call.channel) == (f"resident:{reminder.resident_id}", Channel.VOICE)
    assert "氨氯地平一片" in " ".join(render_speech(call).sentences)
    assert "氨氯地平" not in str(call.context)
    assert reloaded(reminder).due_at == NOON + DAY


def test_asking_again_at_once_asks_nobody_twice() -> None:
    a_reminder()

    actions.ask_due(now=NOON)
    actions.ask_due(now=NOON)

    assert len(asked("reminder")) == 1


def test_a_key_says_that_it_is_done_and_the_family_is_never_asked() -> None:
    row = an_occurrence(resident=with_family(a_mother()))

    assert press(asked("reminder_ask")[0], "1").template == "reminder_thanks_done"

    after = reloaded(row)
    assert (after.state, after.due_at, after.answered_by) == (
        State.DONE,
        None,
        f"resident:{row.resident_id}",
    )
    for minutes in (5, 15, 20, 60):
        follow_up(NOON + minutes * MINUTE)
    assert asked("reminder_family") == []
    assert journal.about(row.reference).filter(type="reminder.answered").count() == 1


def test_not_yet_asks_once_more_in_ten_minutes_and_then_tells_the_family() -> None:
    row = an_occurrence(resident=with_family(a_mother()))

    assert press(asked("reminder_ask")[0], "2").template == "reminder_thanks_later"
    follow_up(NOON + 9 * MINUTE)
    assert len(asked("reminder_a")) == 1
    follow_up(NOON + 10 * MINUTE)
    again = asked("reminder_again")[-1]
    press(again, "2", now=NOON + 11 * MINUTE)
    follow_up(NOON + 21 * MINUTE)
    spoken = press(asked("reminder_again")[-1], "2", now=NOON + 22 * MINUTE)

    assert spoken.template == "reminder_not_done"
    assert reloaded(row).state == State.NOT_DONE
    assert len(asked("reminder_family_not_done")) == 1


def test_zero_rings_the_desk() -> None:
    row = an_occurrence()

    press(asked("reminder_ask")[0], "0")

    assert reloaded(row).state == State.PERSON_WANTED
    assert EmergencyCall.objects.get().kind == EmergencyCall.Kind.CONSULTATION


def test_another_key_asks_again_and_ends_nothing() -> None:
    row = an_occurrence()

    assert press(asked("reminder_ask")[0], "7").ask_again
    assert reloaded(row).state == State.ASKED


def test_silence_goes_from_the_person_to_the_family_a_caregiver_and_the_desk() -> None:
    mother = with_family(a_mother(), "王丽", "王刚")
    caregiver = a_caregiver_on_shift(near=mother)
    row = an_occurrence(resident=mother)

    for minutes in (5, 15):
        follow_up(NOON + minutes * MINUTE)
    assert len(asked("reminder_a")) == 3
    follow_up(NOON + 19 * MINUTE)
    assert asked("reminder_family") == []
    follow_up(NOON + 20 * MINUTE)
    follow_up(NOON + 22 * MINUTE)
    assert [each.person_name for each in asked("reminder_family")] == ["王丽", "王刚"]
    follow_up(NOON + 24 * MINUTE)
    alert = Alert.objects.get(kind=Alert.Kind.NO_ANSWER)
    assert alert.assigned_to == caregiver
    assert [each.person for each in asked("wellbeing_caregiver")] == [f"caregiver:{caregiver.pk}"]
    assert not EmergencyCall.objects.exists()
    follow_up(NOON + 54 * MINUTE)

    assert EmergencyCall.objects.get().source_metric == "no_answer"
    assert (reloaded(row).state, reloaded(row).stage) == (State.ASKED, Stage.DESK)


def test_the_daughter_who_looks_after_it_stops_every_channel() -> None:
    mother = with_family(a_mother(), "王丽", "王刚")
    row = an_occurrence(resident=mother)
    for minutes in (5, 15, 20, 22):
        follow_up(NOON + minutes * MINUTE)
    first, second = asked("reminder_family")

    assert press(first, "1", now=NOON + 23 * MINUTE).template == "wellbeing_thanks_look"

    assert reloaded(row).state == State.LOOKED_AFTER
    assert reloaded(second).state == Delivery.State.STOPPED
    assert not Delivery.objects.filter(cause=row.reference, state="owed").exists()


def test_a_daughter_who_cannot_lets_the_next_be_asked_at_once() -> None:
    mother = with_family(a_mother(), "王丽", "王刚")
    an_occurrence(resident=mother)
    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)

    press(asked("reminder_family")[0], "2", now=NOON + 20 * MINUTE)
    follow_up(NOON + 20 * MINUTE)

    assert len(asked("reminder_family")) == 2


def test_a_family_without_consent_is_not_asked() -> None:
    mother = a_mother()
    with_family(mother)
    mother.consents.update(withdrawn_at=NOON)
    an_occurrence(resident=mother)

    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)

    assert asked("reminder_family") == []
    assert Alert.objects.filter(kind=Alert.Kind.NO_ANSWER).exists()


def test_a_medicine_half_an_hour_late_is_dropped_and_recorded() -> None:
    reminder = a_reminder()

    actions.ask_due(now=NOON + 30 * MINUTE)

    assert asked("reminder") == []
    assert reminder.occurrences.get().state == State.DROPPED
    assert journal.about(reminder.occurrences.get().reference).get().type == "reminder.dropped"


def test_after_days_in_which_nothing_ran_each_time_is_on_record_and_one_is_asked() -> None:
    reminder = a_reminder(times=[time(8, 0), time(12, 0)])

    actions.ask_due(now=NOON + 2 * DAY + MINUTE)

    states = reminder.occurrences.order_by("occurs_at").values_list("state", flat=True)
    assert list(states) == [State.DROPPED] * 4 + [State.ASKED]
    assert reloaded(reminder).due_at == NOON + 3 * DAY - 4 * HOUR


@pytest.mark.parametrize("where", ["hospital", "away"])
def test_who_is_not_at_home_is_not_asked_and_that_is_on_record(where: str) -> None:
    reminder = a_reminder(resident=a_mother(life_state=where))

    actions.ask_due(now=NOON)

    assert asked("reminder") == []
    assert reminder.occurrences.get().state == State.SILENCED


def test_a_death_ends_reminders_and_what_is_being_asked() -> None:
    row = an_occurrence()
    set_life_state(row.resident, state=Resident.LifeState.DIED, since=TODAY, by=BY, now=NOON)

    reading.hear_of_resident(journal.about(f"resident:{row.resident_id}").last(), NOON)  # type: ignore[arg-type]

    assert reloaded(row.reminder).ended_at == NOON
    assert reloaded(row).state == State.ENDED
    assert asked("reminder")[0].state == Delivery.State.STOPPED


def test_no_two_texts_of_a_day_read_the_same() -> None:
    mother = a_mother()
    set_preference(f"resident:{mother.pk}", channels=["sms"])
    for hour in (12, 12, 12):
        a_reminder(resident=mother, times=[time(hour, 0)])

    actions.ask_due(now=NOON)
    follow_up(NOON + 5 * MINUTE)

    texts = [render_text(each) for each in asked("reminder_a")]
    assert len(texts) == len(set(texts)) == 6


def test_the_last_question_is_a_call_also_for_who_chose_texts() -> None:
    mother = a_mother()
    set_preference(f"resident:{mother.pk}", channels=["sms"])
    a_reminder(resident=mother)

    actions.ask_due(now=NOON)
    for minutes in (5, 15):
        follow_up(NOON + minutes * MINUTE)

    assert [each.channel for each in asked("reminder_a")] == ["sms", "sms", "voice"]


def test_what_is_due_in_the_quiet_hours_waits_for_their_end() -> None:
    mother = a_mother()
    set_preference(
        f"resident:{mother.pk}", channels=["voice"], quiet_from=time(12), quiet_until=time(13)
    )
    a_reminder(resident=mother, kind=Reminder.Kind.OTHER, text="浇花")

    actions.ask_due(now=NOON)
    assert asked("reminder") == []
    follow_up(NOON + HOUR)

    assert len(asked("reminder_ask_other")) == 1


def test_a_medicine_within_the_quiet_hours_is_refused_when_it_is_set() -> None:
    mother = a_mother()
    set_preference(
        f"resident:{mother.pk}", channels=["voice"], quiet_from=time(11), quiet_until=time(13)
    )

    with pytest.raises(InQuietHours):
        a_reminder(resident=mother)


def test_an_appointment_is_told_an_hour_before() -> None:
    reminder = a_reminder(
        kind=Reminder.Kind.APPOINTMENT,
        text="人民医院复诊",
        times=[time(13, 0)],
        rule="FREQ=DAILY;COUNT=1",
        ahead_min=60,
    )

    actions.ask_due(now=NOON)

    assert "13:00" in asked("reminder_ask_appointment")[0].context["when"]
    assert reloaded(reminder).due_at is None


def test_what_never_comes_is_refused() -> None:
    with pytest.raises(NeverAsks):
        a_reminder(rule="FREQ=DAILY;COUNT=1", starts_on=TODAY - DAY)


def test_ending_a_reminder_ends_what_it_asks() -> None:
    row = an_occurrence()

    actions.end_reminder(row.reminder, by=BY, now=NOON)
    actions.end_reminder(row.reminder, by=BY, now=NOON)

    assert reloaded(row).state == State.ENDED
    assert asked("reminder_ask")[0].state == Delivery.State.STOPPED


def test_done_after_all_is_taken_down() -> None:
    a_reminder()
    actions.ask_due(now=NOON + HOUR)
    row = Occurrence.objects.get()

    after = actions.answer_occurrence(
        row, state=State.DONE, who=the_person(row.resident), now=NOON + 2 * HOUR
    )

    assert after.state == State.DONE


def test_a_closed_alert_closes_what_was_asked() -> None:
    mother = a_mother()
    row = an_occurrence(resident=mother)
    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)
    alert = Alert.objects.get()
    resolve_alert(alert, by="user:op", now=NOON + HOUR)
    reading.hear_of_alert(journal.about(alert.reference).last(), NOON + HOUR)  # type: ignore[arg-type]

    assert reloaded(row).state == State.LOOKED_AFTER


def test_a_reminder_keeps_its_hour_on_both_sides_of_summer_time() -> None:
    reminder = a_reminder(zone="Europe/Paris", times=[time(8, 0)])
    spring = NOON + timedelta(days=127)

    moments = [reminder.asks_after(spring + n * DAY) for n in range(3)]

    assert {each.astimezone(each.tzinfo).hour for each in moments if each} == {8}


def test_while_a_call_for_help_runs_the_telephone_is_left_free_for_it() -> None:
    mother = with_family(a_mother())
    call = a_ringing_call(resident=mother, now=NOON - MINUTE)
    reminder = a_reminder(resident=mother)

    actions.ask_due(now=NOON)
    follow_up(NOON + 5 * MINUTE)
    assert asked("reminder") == []
    resolve_call(call, by="user:op", outcome=EmergencyCall.Outcome.HELPED, now=NOON + 6 * MINUTE)
    follow_up(NOON + 10 * MINUTE)

    assert len(asked("reminder_ask")) == 1
    assert reminder.occurrences.get().asked_at == NOON + 10 * MINUTE


def test_what_an_emergency_has_kept_back_for_too_long_is_dropped() -> None:
    mother = with_family(a_mother())
    call = a_ringing_call(resident=mother, now=NOON - MINUTE)
    reminder = a_reminder(resident=mother)
    actions.ask_due(now=NOON)
    resolve_call(call, by="user:op", outcome=EmergencyCall.Outcome.HELPED, now=NOON + HOUR)

    follow_up(NOON + HOUR)

    assert reminder.occurrences.get().state == State.DROPPED
    assert asked("reminder") == []


def test_whoever_closes_the_call_at_the_desk_has_looked_after_the_silence() -> None:
    row = an_occurrence()
    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)
    call = EmergencyCall.objects.get()

    resolve_call(call, by="user:op", outcome=EmergencyCall.Outcome.HELPED, now=NOON + HOUR)
    alert = Alert.objects.get()
    reading.hear_of_alert(journal.about(alert.reference).last(), NOON + HOUR)  # type: ignore[arg-type]

    assert alert.state == Alert.State.RESOLVED
    assert reloaded(row).state == State.LOOKED_AFTER


def test_what_was_answered_half_a_year_ago_is_forgotten() -> None:
    row = an_occurrence()
    actions.answer_occurrence(row, state=State.DONE, who=the_person(row.resident), now=NOON)

    assert actions.forget_old(now=NOON + 179 * DAY) == 0
    assert actions.forget_old(now=NOON + 181 * DAY) == 1


def test_a_reminder_that_cannot_be_asked_holds_up_nobody_else() -> None:
    broken, sound = a_reminder(), a_reminder(resident=a_mother())
    Reminder.objects.filter(pk=broken.pk).update(rule="FREQ=NEVER")

    assert actions.ask_due(now=NOON) == 2

    assert sound.occurrences.count() == 1
    assert reloaded(broken).due_at == NOON


def test_whoever_wants_somebody_is_rung_back_though_the_question_is_closed() -> None:
    mother = a_mother()
    row = an_occurrence(resident=mother)
    actions.look_after(row, who=Answerer("contact:x", "王丽", Way.KEY), now=NOON + MINUTE)

    for _ in range(2):
        actions.answer_occurrence(
            row, state=State.PERSON_WANTED, who=the_person(mother), now=NOON + HOUR
        )

    assert reloaded(row).state == State.LOOKED_AFTER
    assert EmergencyCall.objects.get().resident == mother


def test_not_yet_ends_the_alert_of_the_silence_and_the_reminder_still_asks_again() -> None:
    mother = a_mother()
    row = an_occurrence(resident=mother, kind=Reminder.Kind.OTHER)
    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)
    alert = Alert.objects.get()

    actions.put_off(row, who=the_person(mother), now=NOON + 21 * MINUTE)
    read_news(now=NOON + 22 * MINUTE)

    assert reloaded(alert).state == Alert.State.RESOLVED
    follow_up(NOON + 31 * MINUTE)
    assert reloaded(row).state == State.ASKED
    assert len(asked("reminder_")) == 4


def test_an_alert_that_was_closed_unheard_leaves_nothing_asked_for_ever() -> None:
    mother = a_mother()
    a_caregiver_on_shift(near=mother)
    row = an_occurrence(resident=mother)
    for minutes in (5, 15, 20):
        follow_up(NOON + minutes * MINUTE)
    resolve_alert(Alert.objects.get(), by="user:desk", now=NOON + 21 * MINUTE)

    follow_up(NOON + 50 * MINUTE)

    assert (reloaded(row).state, reloaded(row).answered_by) == (State.LOOKED_AFTER, "user:desk")
    assert EmergencyCall.objects.count() == 0


@pytest.mark.parametrize("starts_on", [date(1, 1, 1), date(9999, 12, 31)])
def test_no_reminder_begins_centuries_away(starts_on: date) -> None:
    with pytest.raises(Invalid):
        a_reminder(rule="FREQ=DAILY;COUNT=999999999", starts_on=starts_on)


def test_nobody_is_given_more_reminders_than_they_can_hear() -> None:
    mother = a_mother()
    for _ in range(policies.RUNNING_MAX):
        last = a_reminder(resident=mother)

    with pytest.raises(Invalid):
        a_reminder(resident=mother)
    actions.end_reminder(last, by=BY, now=NOON)
    a_reminder(resident=mother)
