"""A complaint is on a clock until it is answered, and open until somebody asked about it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.actors import actor_of
from backend.accounts.models import Role
from notifications.actions import begin_attempt, reply_by_key
from notifications.models import Delivery
from notifications.templates import render_speech
from services.alerts.models import Alert
from services.alerts.zero import zero_board
from services.community import actions, policies, watching
from services.community.doers import Doer
from services.community.errors import ComplaintNotNow, NotCheckedYet
from services.community.models import Complaint
from tests.builders import NOON, a_resident, a_user, reloaded
from tests.services.community.builders import (
    LEAD,
    a_complaint,
    a_done_order,
    an_answered_complaint,
)

pytestmark = pytest.mark.django_db

State = Complaint.State
DAY = timedelta(days=1)


def question(complaint: Complaint) -> Delivery:
    return Delivery.objects.filter(cause=complaint.reference, asks=True).latest(
        "created_at", "step_run"
    )


def presses(complaint: Complaint, key: str) -> str:
    begun = begin_attempt(question(complaint), now=NOON)
    assert begun is not None
    return reply_by_key(begun.attempt, key, now=NOON).template


def test_its_limit_is_kept_with_it_and_counts_working_days() -> None:
    complaint = a_complaint(category=Complaint.Category.LATE, now=NOON + 2 * DAY)  # a Wednesday

    assert complaint.limit["days"] == 3
    assert complaint.ends_at is not None
    last_day = timezone.localdate(complaint.ends_at - timedelta(minutes=1))
    assert f"{last_day:%A}" == "Monday"


def test_who_complained_is_told_and_after_the_answer_asked_by_telephone() -> None:
    complaint = an_answered_complaint()

    told = Delivery.objects.filter(cause=complaint.reference).order_by("template")
    assert [each.template for each in told] == ["complaint_check", "complaint_received"]
    assert complaint.state == State.ANSWERED
    assert Complaint.objects.get().closed_at is None


def test_key_1_closes_it() -> None:
    complaint = an_answered_complaint()

    assert presses(complaint, "1") == "complaint_right"

    complaint = reloaded(complaint)
    assert (complaint.state, complaint.outcome) == (State.CLOSED, "right")


def test_key_2_opens_it_again_on_a_new_clock() -> None:
    complaint = an_answered_complaint()

    assert presses(complaint, "2") == "complaint_not_right"

    complaint = reloaded(complaint)
    assert (complaint.state, complaint.reopened) == (State.OPEN, 1)
    assert complaint.ends_at is not None
    assert complaint.ends_at > NOON
    again = actions.answer(complaint, text="已赔付。", by=LEAD, now=NOON)
    assert presses(again, "1") == "complaint_right"


def test_another_key_means_nothing_and_is_asked_again() -> None:
    complaint = an_answered_complaint()

    assert presses(complaint, "7") == "complaint_unknown_key"
    assert reloaded(complaint).state == State.ANSWERED


def test_the_desk_may_ring_by_hand_and_the_telephone_is_not_rung_any_more() -> None:
    complaint = an_answered_complaint()

    actions.check(complaint, is_right=True, by=LEAD, now=NOON)

    assert question(complaint).state == Delivery.State.STOPPED
    with pytest.raises(ComplaintNotNow):
        actions.answer(complaint, text="-", by=LEAD, now=NOON)


def test_nothing_closes_an_answer_that_was_not_checked_not_even_in_the_database() -> None:
    complaint = an_answered_complaint()

    with pytest.raises(NotCheckedYet):
        actions.give_up(complaint, reason="打不通", by=LEAD, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.update(state=State.CLOSED)


def test_it_is_asked_on_three_days_and_then_waits_for_the_desk() -> None:
    complaint = an_answered_complaint()

    for day in range(1, 5):
        watching.run_due(now=NOON + day * policies.ASK_AGAIN_AFTER)

    complaint = reloaded(complaint)
    assert (complaint.asked_times, complaint.due_at) == (3, None)
    closed = actions.give_up(complaint, reason="三次无人接听", by=LEAD, now=NOON + 4 * DAY)
    assert (closed.state, closed.outcome) == (State.CLOSED, "unreached")


def test_what_is_overdue_is_an_alert_that_ends_with_the_answer() -> None:
    complaint = a_complaint()
    assert complaint.ends_at is not None

    assert watching.run_due(now=complaint.ends_at - timedelta(seconds=1)) == 0
    assert watching.run_due(now=complaint.ends_at) == 1
    assert watching.run_due(now=complaint.ends_at + DAY) == 0

    alert = Alert.objects.get(kind=Alert.Kind.COMPLAINT_OVERDUE)
    assert alert.due_at is not None
    actions.answer(complaint, text="已换保温箱。", by=LEAD, now=complaint.ends_at + DAY)
    assert reloaded(alert).state == Alert.State.RESOLVED


def test_strangers_complaints_that_are_overdue_are_an_alert_each() -> None:
    area = a_resident().area
    first, second = (
        actions.complain(
            area=area,
            category="other",
            words="…",
            source=Complaint.Source.DESK,
            by=LEAD,
            now=NOON,
        )
        for _ in range(2)
    )
    assert first.ends_at is not None
    watching.run_due(now=first.ends_at)

    actions.answer(first, text="好。", by=LEAD, now=first.ends_at)

    assert Alert.objects.get(state__in=Alert.OPEN).source_device == second.pk


def test_complaints_stand_on_the_board_of_what_waits_with_their_next_climb() -> None:
    complaint = a_complaint()
    lead = a_user(role=Role.LEAD, area=complaint.area)
    assert complaint.ends_at is not None
    late = complaint.ends_at + timedelta(minutes=1)
    watching.run_due(now=late)

    board = zero_board(actor_of(lead), now=late, asked={"list": "complaints"})

    line = next(each for each in board.lines if each.item.kind == "complaints")
    assert line.status == "overdue"
    assert line.item.next_climb_at is not None
    assert line.item.url == f"/desk/complaints/{complaint.pk}/"


def test_a_suggestion_becomes_a_complaint_only_when_somebody_says_so() -> None:
    order = a_done_order()
    resident = Doer(f"resident:{order.resident_id}", "陈桂英")
    suggested = actions.suggest_complaint(order, by=resident, now=NOON)

    with pytest.raises(ComplaintNotNow):
        actions.answer(suggested, text="好。", by=LEAD, now=NOON)
    actions.take_up(suggested, words="饭是冷的", by=resident, now=NOON)

    taken = reloaded(suggested)
    assert (taken.state, taken.words) == (State.OPEN, "饭是冷的")
    assert taken.due_at == taken.ends_at
    with pytest.raises(ComplaintNotNow):
        actions.dismiss(taken, reason="-", by=LEAD, now=NOON)


def test_the_answer_is_read_aloud_and_kept_nowhere_in_plain_text() -> None:
    asked = question(an_answered_complaint())

    assert "已换保温箱。" in " ".join(render_speech(asked).sentences)
    assert "保温箱" not in str(asked.context)


def test_nobody_is_rung_about_a_complaint_at_night() -> None:
    complaint = a_complaint()
    answered_at = NOON + timedelta(hours=9, minutes=30)  # 21:30

    actions.answer(complaint, text="已换保温箱。", by=LEAD, now=answered_at)

    rings_at = question(complaint).due_at
    assert rings_at == NOON + timedelta(hours=20)  # 08:00
    assert reloaded(complaint).due_at == rings_at + policies.ASK_AGAIN_AFTER


def test_a_district_chooses_the_hours_in_which_it_rings(settings: Any) -> None:
    settings.ENV = msgspec.structs.replace(
        django_settings.ENV, routine_calls_from_h=0, routine_calls_until_h=24
    )
    complaint = a_complaint()
    answered_at = NOON + timedelta(hours=9, minutes=30)  # 21:30

    actions.answer(complaint, text="已换保温箱。", by=LEAD, now=answered_at)

    assert question(complaint).due_at == answered_at
