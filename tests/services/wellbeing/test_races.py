"""Workers, keys and steps at the same moment: each time is asked once, the first answer counts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from backend.core import due
from backend.people.models import Resident
from notifications.models import Delivery
from services.alerts.actions import raise_alert
from services.alerts.models import Alert
from services.wellbeing import actions, ladder
from services.wellbeing.actions import asking, okdays
from services.wellbeing.actions.answering import Answerer
from services.wellbeing.models import Occurrence, OkDay, Reminder, Way, WelfareContact
from tests.builders import NOON, reloaded
from tests.services.wellbeing.builders import (
    BY,
    DAY,
    MINUTE,
    TODAY,
    a_mother,
    a_reminder,
    an_occurrence,
    asked,
    the_person,
    with_family,
)
from tests.threads import PATIENCE_S, Held, at_once, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

WAITS_S = 0.3
State = Occurrence.State


def test_without_the_claim_two_workers_would_ask_twice() -> None:
    reminder = a_reminder()
    seen = [Reminder.objects.filter(due_at__lte=NOON).get() for _ in range(2)]

    assert [each.pk for each in seen] == [reminder.pk] * 2


def test_any_number_of_workers_ask_each_reminder_once() -> None:
    for _ in range(20):
        a_reminder()

    def work() -> int:
        return sum(iter(lambda: actions.ask_due(now=NOON, portion=3), 0))

    assert sum(at_once(*[work] * 4)) == 20
    assert Occurrence.objects.count() == 20
    assert len(asked("reminder_ask")) == 20


def test_what_a_dead_worker_had_claimed_is_asked_when_its_lease_ends() -> None:
    a_reminder()
    due.claim(Reminder.objects.all(), now=NOON, lease_s=asking.LEASE_S, limit=1)

    assert actions.ask_due(now=NOON) == 0
    assert actions.ask_due(now=NOON + MINUTE) == 1
    assert len(asked("reminder_ask")) == 1


def test_what_a_worker_asked_and_did_not_commit_is_asked_by_another() -> None:
    a_reminder()

    with Held(lambda: actions.ask_due(now=NOON)) as dying:
        dying.roll_back()

    assert actions.ask_due(now=NOON) == 1
    assert len(asked("reminder_ask")) == 1


def test_two_ticks_take_each_step_of_a_silence_once() -> None:
    row = an_occurrence(resident=with_family(a_mother()))

    at_once(*[lambda: ladder.run_due(ladder.REMINDERS, now=NOON + 5 * MINUTE)] * 4)

    assert reloaded(row).rounds == 2
    assert Delivery.objects.filter(cause=row.reference).count() == 2


def test_an_answer_while_the_next_step_is_taken_leaves_it_answered() -> None:
    row = an_occurrence(resident=with_family(a_mother()))
    for minutes in (5, 15):
        ladder.run_due(ladder.REMINDERS, now=NOON + minutes * MINUTE)

    def answer() -> object:
        return actions.answer_occurrence(
            row, state=State.DONE, who=the_person(row.resident), now=NOON + 20 * MINUTE
        )

    with (
        Held(lambda: ladder.run_due(ladder.REMINDERS, now=NOON + 20 * MINUTE)) as stepping,
        ThreadPoolExecutor(1) as pool,
    ):
        answering = pool.submit(on_own_connection, answer)
        sleep(WAITS_S)
        stepping.commit()
        answering.result()

    assert reloaded(row).state == State.DONE
    assert not Delivery.objects.filter(cause=row.reference, state="owed").exists()
    assert not Alert.objects.exists()


def while_another_holds(
    lock: Callable[[], object], *, then: Callable[[], object], work: Callable[[], object]
) -> None:
    """Do `work` while somebody else holds a lock, and does `then` once it is waited for."""
    holds = threading.Event()

    def another() -> None:
        with transaction.atomic():
            lock()
            holds.set()
            wait_until_waited_for()
            then()

    def late() -> None:
        holds.wait(PATIENCE_S)
        work()

    at_once(another, late)


def wait_until_waited_for() -> None:
    """Until somebody waits for a lock of this transaction."""
    waits = (
        "SELECT EXISTS (SELECT FROM pg_locks AS l"
        " WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid)))"
    )
    ends_at = monotonic() + PATIENCE_S
    while monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
        sleep(0.02)


def on_the_desk(mother: Resident) -> tuple[Alert, list[Occurrence]]:
    """Two reminders whose silence has become one alert, of somebody who is watched."""
    actions.watch_everybody(now=NOON)
    rows = [an_occurrence(reminder=a_reminder(resident=mother)) for _ in range(2)]
    alert = raise_alert(kind="no_answer", area=mother.area, resident=mother, now=NOON)
    Occurrence.objects.update(alert=alert)
    return alert, rows


@pytest.mark.parametrize("way", ["put_off", "written_down"])
def test_a_key_and_what_another_does_about_the_same_alert_do_not_block_each_other(
    way: str,
) -> None:
    mother = a_mother()
    alert, (one, other) = on_the_desk(mother)
    does = {
        "put_off": lambda: actions.put_off(one, who=the_person(mother), now=NOON),
        "written_down": lambda: actions.record_welfare(
            mother,
            kind=WelfareContact.Kind.CALL,
            outcome=WelfareContact.Outcome.WELL,
            by=BY,
            by_name="李娜",
            now=NOON,
        ),
    }

    while_another_holds(
        lambda: Alert.objects.select_for_update().get(pk=alert.pk),
        then=lambda: actions.answer_occurrence(
            other, state=State.DONE, who=the_person(mother), now=NOON
        ),
        work=does[way],
    )

    assert reloaded(other).state == State.DONE
    assert reloaded(alert).state == "resolved"


def test_a_key_for_yesterday_and_a_tap_for_today_do_not_block_each_other() -> None:
    mother = a_mother()
    alert = raise_alert(kind="no_answer", area=mother.area, resident=mother, now=NOON)
    yesterday, today = (
        OkDay.objects.create(
            resident=mother, day=day, state="asked", by_at=NOON, due_at=NOON, alert=alert
        )
        for day in (TODAY - DAY, TODAY)
    )

    while_another_holds(
        lambda: OkDay.objects.select_for_update().get(pk=yesterday.pk),
        then=lambda: okdays.answer_ok(yesterday, who=the_person(mother), now=NOON),
        work=lambda: actions.report_ok(mother, who=the_person(mother), now=NOON),
    )

    assert {reloaded(day).state for day in (yesterday, today)} == {"ok"}


def test_of_two_who_answer_at_once_the_first_counts() -> None:
    mother = with_family(a_mother())
    row = an_occurrence(resident=mother)
    daughter = Answerer(f"contact:{mother.contacts.get().pk}", "王丽", Way.KEY)

    at_once(
        lambda: actions.look_after(row, who=daughter, now=NOON).state,
        lambda: (
            actions.answer_occurrence(row, state=State.DONE, who=the_person(mother), now=NOON).state
        ),
    )

    after = reloaded(row)
    by_person = after.answered_by == f"resident:{mother.pk}"
    assert after.state == (State.DONE if by_person else State.LOOKED_AFTER)
