"""The daily I-am-OK: one row a resident and day, and only the silent are asked."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from backend.core import clock
from backend.people.actions import set_life_state
from backend.people.models import Resident
from devices.models import Reading
from devices.readings import ensure_partitions
from notifications.inbound import Caller, choices
from notifications.models import Channel
from services.alerts.models import Alert
from services.emergencies.models import EmergencyCall
from services.visits import actions as visits
from services.visits.models import Visit
from services.wellbeing import actions, calling, ladder, signs
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.actions.okdays import want_person
from services.wellbeing.models import OkDay, Stage, Watched, Way
from tests.builders import (
    NOON,
    a_device,
    a_phone,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    api_of,
    reloaded,
    signed_in,
)
from tests.services.visits.builders import BY_HAND, an_act, an_assigned_visit
from tests.services.wellbeing.builders import (
    DAY,
    HOUR,
    MINUTE,
    TODAY,
    a_mother,
    asked,
    press,
    read_news,
    the_person,
    with_family,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db

State = OkDay.State


def a_day(resident: Resident | None = None, **fields: Any) -> OkDay:
    """Today's row of somebody who says by noon that all is well."""
    mother = resident or a_mother(ok_at=time(12, 0), **fields)
    actions.make_days(now=NOON - 4 * HOUR)
    return OkDay.objects.get(resident=mother, day=TODAY)


def test_days_are_made_for_today_and_tomorrow_and_once() -> None:
    a_mother(ok_at=time(12, 0))
    a_mother()

    assert actions.make_days(now=NOON - HOUR) == 2
    assert actions.make_days(now=NOON - HOUR) == 0
    assert OkDay.objects.get(day=TODAY).due_at == NOON


def test_the_database_holds_one_row_a_resident_and_day() -> None:
    day = a_day()

    with pytest.raises(IntegrityError), transaction.atomic():
        OkDay.objects.create(resident=day.resident, day=TODAY, by_at=NOON, due_at=NOON)


def test_a_day_follows_the_hour_that_is_chosen_later_and_goes_when_none_is() -> None:
    day = a_day()
    day.resident.ok_at = time(13, 0)
    day.resident.save()
    actions.make_days(now=NOON - HOUR)
    assert reloaded(day).due_at == NOON + HOUR

    day.resident.ok_at = None
    day.resident.save()
    actions.make_days(now=NOON - HOUR)
    assert not OkDay.objects.exists()


def test_who_has_pressed_i_am_well_is_not_rung() -> None:
    day = a_day()
    elder = signed_in(a_resident_account(day.resident))

    with clock.set_to(NOON - HOUR):
        assert "我很好" in elder.get("/ok/now/").content.decode()
        elder.post("/ok/")
        elder.post("/ok/")
        assert "我很好" not in elder.get("/ok/now/").content.decode()
    actions.begin_due(now=NOON)

    assert (reloaded(day).state, reloaded(day).way) == (State.OK, Way.TAP)
    assert asked("ok_ask") == []


def test_key_9_of_ones_own_call_says_it_and_makes_the_day() -> None:
    mother = a_mother()
    caller = Caller(mother.phone, Channel.VOICE, "CA1")

    assert "9" in [each.key for each in choices()]
    assert calling.say_ok(caller, "9", NOON).template == "ok_thanks"
    assert OkDay.objects.get(resident=mother).way == Way.CALLED
    assert calling.say_ok(Caller(a_phone(), Channel.VOICE, "CA2"), "9", NOON).template == (
        "ok_unknown_caller"
    )


def a_reading(resident: Resident, metric: str) -> None:
    """What a device of a home saw half an hour before noon."""
    ensure_partitions(NOON)
    device = a_device(resident=resident)
    Reading.objects.create(
        device=device,
        metric=metric,
        value=1.0,
        at=NOON - 30 * MINUTE,
        received_at=NOON - 30 * MINUTE,
    )


@pytest.mark.parametrize(
    ("metric", "way"), [("motion", Way.ACTIVITY), ("door", Way.ACTIVITY), ("press", Way.DEVICE)]
)
def test_movement_and_a_press_count_and_spare_the_question(metric: str, way: Way) -> None:
    day = a_day()
    a_reading(day.resident, metric)

    actions.begin_due(now=NOON)

    assert (reloaded(day).state, reloaded(day).way) == (State.OK, way)


def test_where_nobody_can_say_what_was_seen_the_silent_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_residents: object, _since: object) -> dict[UUID, signs.Sign]:
        raise RuntimeError("no readings")

    monkeypatch.setattr(signs, "_signs", [broken])
    day = a_day()

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED


def test_a_bed_that_says_again_and_again_that_they_lie_in_it_is_no_sign_that_they_are_up() -> None:
    day = a_day()
    a_reading(day.resident, "bed")
    first = Reading.objects.get()
    for half_hours in range(1, 8):
        at = first.at - half_hours * 30 * MINUTE
        Reading.objects.create(device=first.device, metric="bed", value=1.0, at=at, received_at=at)

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED


def test_who_left_the_bed_is_up() -> None:
    day = a_day()
    a_reading(day.resident, "bed")
    Reading.objects.create(
        device=Reading.objects.get().device,
        metric="bed",
        value=0.0,
        at=NOON - 10 * MINUTE,
        received_at=NOON - 10 * MINUTE,
    )

    actions.begin_due(now=NOON)

    assert reloaded(day).way == Way.ACTIVITY


def test_movement_in_a_home_of_two_says_nothing_of_one() -> None:
    mother = a_mother(ok_at=time(12, 0))
    a_resident(household=mother.household)
    day = a_day(mother)
    a_reading(mother, "motion")
    mother.devices.update(resident=None)

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED


def test_movement_in_the_night_says_nothing_of_the_morning() -> None:
    day = a_day()
    a_reading(day.resident, "motion")
    Reading.objects.update(at=NOON - 4 * HOUR)

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED


def test_a_caregiver_who_was_there_has_seen_them() -> None:
    mother = a_mother(ok_at=time(12, 0))
    visit, carer = an_assigned_visit(to=mother)
    day = a_day(mother)
    visits.check_in(visit, act=an_act(carer, at=NOON - HOUR), proof=BY_HAND, now=NOON - HOUR)

    actions.begin_due(now=NOON)

    assert reloaded(day).way == Way.VISIT


def test_a_drill_is_no_visit_that_anybody_was_seen_at() -> None:
    mother = a_mother(ok_at=time(12, 0))
    visit, carer = an_assigned_visit(to=mother)
    Visit.objects.filter(pk=visit.pk).update(drill=True)
    day = a_day(mother)
    visits.check_in(visit, act=an_act(carer, at=NOON - HOUR), proof=BY_HAND, now=NOON - HOUR)

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED


def test_what_is_no_key_of_a_resident_is_nobody() -> None:
    page = signed_in(a_user(role="operator", area=a_mother().area))

    assert page.post("/ok/", {"resident": "nobody"}).status_code == 302


def test_the_silent_are_rung_three_times_then_the_family_then_somebody_goes() -> None:
    mother = with_family(a_mother(ok_at=time(12, 0)))
    day = a_day(mother)

    actions.begin_due(now=NOON)
    for minutes in (15, 30):
        ladder.run_due(ladder.OK_DAYS, now=NOON + minutes * MINUTE)
    assert [each.channel for each in asked("ok_ask")] == ["voice"] * 3
    assert asked("ok_family") == []
    ladder.run_due(ladder.OK_DAYS, now=NOON + 45 * MINUTE)
    assert len(asked("ok_family")) == 1
    ladder.run_due(ladder.OK_DAYS, now=NOON + 47 * MINUTE)

    assert Alert.objects.get().kind == Alert.Kind.NO_ANSWER
    assert EmergencyCall.objects.count() == 1
    assert reloaded(day).stage == Stage.DESK


def test_a_voicemail_that_was_spoken_to_is_no_answer() -> None:
    day = a_day()
    actions.begin_due(now=NOON)

    asked("ok_ask")[0].__class__.objects.update(state="answered")
    ladder.run_due(ladder.OK_DAYS, now=NOON + 15 * MINUTE)

    assert reloaded(day).state == State.ASKED
    assert len(asked("ok_ask")) == 2


def test_a_key_ends_the_questions_and_closes_the_alert_of_the_silence() -> None:
    day = a_day()
    actions.begin_due(now=NOON)
    for minutes in (15, 30, 45):
        ladder.run_due(ladder.OK_DAYS, now=NOON + minutes * MINUTE)
    alert = Alert.objects.get()

    assert press(asked("ok_ask")[-1], "1", now=NOON + 50 * MINUTE).template == "ok_thanks"

    assert reloaded(day).state == State.OK
    assert reloaded(alert).state == Alert.State.RESOLVED


def test_an_answer_after_midnight_says_nothing_of_the_day_that_has_begun() -> None:
    late = NOON + 11 * HOUR + 50 * MINUTE
    mother = a_mother(ok_at=time(23, 50))
    day = a_day(mother)
    actions.make_days(now=NOON)
    OkDay.objects.filter(pk=day.pk).update(by_at=late, due_at=late)
    actions.begin_due(now=late)

    press(asked("ok_ask")[0], "1", now=late + 15 * MINUTE)

    days = OkDay.objects.filter(resident=mother).order_by("day")
    assert [each.state for each in days] == [State.OK, State.EXPECTED]


def test_who_says_so_after_midnight_is_not_asked_about_yesterday() -> None:
    late = NOON + 11 * HOUR + 50 * MINUTE
    mother = a_mother(ok_at=time(12, 0))
    day = a_day(mother)
    OkDay.objects.filter(pk=day.pk).update(by_at=late, due_at=late)
    actions.begin_due(now=late)

    actions.report_ok(mother, who=the_person(mother), now=late + 15 * MINUTE)

    assert reloaded(day).state == State.OK


def test_whoever_wants_somebody_is_rung_back_though_the_day_is_closed() -> None:
    day = a_day()
    actions.begin_due(now=NOON)
    family = Answerer("contact:x", "王丽", Way.KEY)
    actions.look_after(day, who=family, state=State.LOOKED_AFTER, now=NOON + MINUTE)

    for _ in range(2):
        want_person(day, who=the_person(day.resident), now=NOON + HOUR)

    assert reloaded(day).state == State.LOOKED_AFTER
    assert EmergencyCall.objects.get().resident == day.resident


def test_nobody_is_asked_while_their_call_for_help_runs() -> None:
    day = a_day()
    a_ringing_call(resident=day.resident)

    actions.begin_due(now=NOON)

    assert (reloaded(day).state, asked("ok_ask")) == (State.EXPECTED, [])
    assert reloaded(day).due_at == NOON + 5 * MINUTE


def test_who_is_home_again_before_the_hour_is_asked_as_on_any_day() -> None:
    day = a_day()
    for state, hours in ((Resident.LifeState.HOSPITAL, 3), (Resident.LifeState.HOME, 1)):
        now = NOON - hours * HOUR
        set_life_state(day.resident, state=state, since=TODAY, by="user:lead", now=now)
        read_news(now=now)

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.ASKED
    assert not OkDay.objects.filter(state=State.SILENCED).exists()


def test_who_is_in_hospital_is_not_asked() -> None:
    day = a_day()
    day.resident.life_state = "hospital"
    day.resident.save()

    actions.begin_due(now=NOON)

    assert reloaded(day).state == State.SILENCED


def test_movement_does_not_stop_the_watch_over_somebody_but_a_report_counts() -> None:
    day = a_day()
    actions.watch_everybody(now=NOON - DAY)
    watched = Watched.objects.get(resident=day.resident)
    machine = Answerer("system:devices", "", Way.ACTIVITY)

    actions.report_ok(day.resident, who=machine, now=NOON)
    assert reloaded(watched).heard_at is None
    actions.report_ok(day.resident, who=the_person(day.resident), now=NOON + MINUTE)
    assert reloaded(watched).heard_at == NOON + MINUTE


def test_a_report_at_the_api_is_made_once() -> None:
    mother = a_mother(ok_at=time(12, 0))
    api = api_of(a_resident_account(mother))

    with clock.set_to(NOON):
        first, second = (api.post("/api/v1/ok-days/", {}) for _ in range(2))

    assert (first.status_code, first.json()["state"]) == (201, "ok")
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.django_db(transaction=True)
def test_workers_and_reports_at_once_leave_one_row() -> None:
    mother = a_mother(ok_at=time(12, 0))
    now = NOON - timedelta(hours=1)

    at_once(
        lambda: actions.make_days(now=now),
        lambda: actions.make_days(now=now),
        lambda: actions.report_ok(mother, who=the_person(mother), now=now).pk,
        lambda: actions.report_ok(mother, who=the_person(mother), now=now).pk,
    )

    assert OkDay.objects.filter(day=TODAY).count() == 1
    assert OkDay.objects.get(day=TODAY).state == State.OK
