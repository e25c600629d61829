"""Persist, then answer: what happens to messages while the database is slow, away or full."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.core.models import LedgerEntry
from devices.models import Device
from services.alerts.models import Alert
from services.emergencies.models import EmergencyCall
from tests.builders import NOON, reloaded
from tests.devices.ingest.doors import Doors, a_device_with_token, open_doors, readings_of
from tests.threads import Held

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
READINGS, CALLS = "devices_reading", "emergencies_emergencycall"
MOTION = {"metric": "motion", "value": True, "at": "2026-11-23T03:59:00Z"}
WAITING = (
    "FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND NOT granted AND relation = %s::regclass"
)
"""Every worker's database has the tables under the same numbers."""


def locked(table: str) -> Held:
    """Nobody else can write to a table until the block ends."""

    def lock() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

    return Held(lock)


def waits_for(table: str, *, within_s: float = 5) -> bool:
    """Whether some session comes to wait for the table."""
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pid {WAITING}", [table])
            if cursor.fetchall():
                return True
        time.sleep(0.01)
    return False


def end_sessions_waiting_for(table: str) -> None:
    """Kill the database sessions that wait for the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {WAITING}", [table])


@contextmanager
def sending(doors: Doors, sent: Any, token: str) -> Iterator[Any]:
    """Post in another thread; gives the future of the answer."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(doors.send, sent, token=token)


def test_readings_are_answered_only_after_their_commit() -> None:
    device, token = a_device_with_token(kind="motion")
    with open_doors() as doors, locked(READINGS) as lock, sending(doors, MOTION, token) as answer:
        assert waits_for(READINGS)
        time.sleep(0.1)
        assert not answer.done()
        lock.commit()
        assert answer.result(10).status_code == 200
    assert len(readings_of(device)) == 1


@pytest.mark.parametrize(("sent", "table"), [(MOTION, READINGS), ({"metric": "sos"}, CALLS)])
def test_a_transaction_that_is_killed_is_not_answered_but_done_again(
    sent: dict[str, Any], table: str
) -> None:
    device, token = a_device_with_token()
    with open_doors() as doors, locked(table) as lock, sending(doors, sent, token) as answer:
        assert waits_for(table)
        end_sessions_waiting_for(table)
        assert waits_for(table), "it was not tried again"
        assert not answer.done()
        lock.commit()
        assert answer.result(10).json()["accepted"] == 1
    assert len(readings_of(device)) == 1


@pytest.mark.parametrize(("sent", "table"), [(MOTION, READINGS), ({"metric": "sos"}, CALLS)])
def test_what_the_database_does_not_take_in_time_is_sent_away_to_come_again(
    sent: dict[str, Any], table: str
) -> None:
    _, token = a_device_with_token()
    with open_doors(hold_s=0.3) as doors:
        with locked(table):
            answer = doors.send(sent, token=token)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "3"
        assert answer.json()["code"] == "unavailable"
        assert doors.send(sent, token=token).status_code == 200


def test_an_alarm_does_not_wait_for_readings() -> None:
    _, token = a_device_with_token()
    with open_doors() as doors, locked(READINGS) as lock, sending(doors, MOTION, token):
        assert waits_for(READINGS)
        doors.post("/ingest/v1/sos", {})
        assert EmergencyCall.objects.count() == 1
        lock.commit()


def test_many_messages_at_once_share_commits_and_each_is_answered_for_itself() -> None:
    senders = [a_device_with_token(kind="motion") for _ in range(20)]
    with open_doors() as doors:
        with locked(READINGS) as lock, ThreadPoolExecutor(1) as pool:
            sent = [(MOTION, token) for _, token in senders] + [("rubbish", senders[0][1])]
            answers = pool.submit(doors.side_by_side, *sent)
            assert waits_for(READINGS)
            lock.commit()
        statuses = [answer.status_code for answer in answers.result(10)]
    assert statuses == [200] * 20 + [422]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT xmin::text) FROM devices_reading WHERE device_id = ANY(%s)",
            [[device.pk for device, _ in senders]],
        )
        transactions = cursor.fetchone()[0]
    assert transactions < 10


def test_a_row_that_the_table_refuses_loses_only_itself() -> None:
    device, token = a_device_with_token(kind="bed")
    sent = [
        {"metric": "bed", "value": True, "id": "1"},
        {"metric": "refused", "value": 1, "id": "2"},
        {"metric": "bed", "value": False, "id": "3"},
    ]
    with constraint_on_readings("metric <> 'refused'"), open_doors() as doors:
        answer = doors.send(sent, token=token)
    assert answer.json() == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": [{"index": 1, "code": "not_storable"}],
        "calls": [],
    }
    assert [value for _, value, _ in readings_of(device)] == [1.0, 0.0]


@contextmanager
def constraint_on_readings(check: str) -> Iterator[None]:
    """A check that stands in for what nobody thought of."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {READINGS} ADD CONSTRAINT unforeseen CHECK ({check}) NOT VALID"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {READINGS} DROP CONSTRAINT unforeseen")


def test_a_missing_partition_is_made_when_it_is_needed() -> None:
    device, token = a_device_with_token(kind="motion")
    with open_doors() as doors:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE devices_reading_y2026m11")
        answer = doors.send(MOTION, token=token)
    assert answer.json()["accepted"] == 1
    assert len(readings_of(device)) == 1


def test_a_call_is_opened_even_if_its_reading_cannot_be_stored() -> None:
    _, token = a_device_with_token()
    with constraint_on_readings("metric <> 'sos'"), open_doors() as doors:
        answer = doors.send({"metric": "sos"}, token=token)
    assert answer.json()["calls"] == [str(EmergencyCall.objects.get().pk)]


@pytest.mark.parametrize(
    ("name", "soon", "later"), [("seq", 9 * MINUTE, 11 * MINUTE), ("id", 23 * HOUR, 25 * HOUR)]
)
def test_a_press_with_a_name_that_was_used_before_is_a_resend_at_first_and_later_a_press(
    name: str, soon: timedelta, later: timedelta
) -> None:
    _, token = a_device_with_token()
    press = {"metric": "sos", name: 1}
    duplicates = []
    with open_doors() as doors:
        doors.send(press, token=token)
        for ago in (soon, later):
            LedgerEntry.objects.update(received_at=clock.now() - ago)
            duplicates.append(doors.send(press, token=token).json()["duplicates"])
    assert duplicates == [1, 0]
    assert EmergencyCall.objects.get().presses == 2


def a_days_messages(chance: random.Random) -> list[dict[str, Any]]:
    """What a watch says in a day, in its order."""
    messages: list[dict[str, Any]] = []
    for minute in range(0, 120, 6):
        at = (NOON - timedelta(minutes=120 - minute)).isoformat()
        metric, value = chance.choice(
            [("motion", True), ("bed", False), ("battery_percent", 80 - minute // 6), ("sos", True)]
        )
        messages.append({"metric": metric, "value": value, "at": at, "seq": minute})
    return messages


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_duplicates_and_any_order_leave_the_state_of_the_clean_order(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    messages = a_days_messages(chance)
    repeated = [*messages, *chance.choices(messages, k=len(messages) // 5)]
    chance.shuffle(repeated)
    states = []
    for sent in (messages, repeated):
        device, token = a_device_with_token(kind="watch")
        with open_doors() as doors:
            for start in range(0, len(sent), 7):
                assert doors.send(sent[start : start + 7], token=token).status_code == 200
            doors.intake.write_notes(NOON)
        states.append(state_of(device))
    assert states[0] == states[1]


def state_of(device: Device) -> Any:
    """All that messages can change, without what is only theirs."""
    device = reloaded(device)
    return (
        readings_of(device),
        [
            (c.presses, c.source_metric)
            for c in EmergencyCall.objects.filter(resident=device.resident)
        ],
        list(Alert.objects.filter(resident=device.resident).values_list("kind", "state")),
        (device.battery_percent, device.battery_at, device.online, device.last_seen_at),
    )


def test_a_press_is_a_call_even_if_nothing_can_be_read_of_its_home() -> None:
    device, token = a_device_with_token()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_resident SET phone = 'lost:key' WHERE id = %s", [device.resident_id]
        )

    with open_doors() as doors:
        answer = doors.send({"metric": "sos"}, token=token)

    assert answer.status_code == 200
    call = EmergencyCall.objects.get()
    assert answer.json()["calls"] == [str(call.pk)]
    assert (call.source_device, call.state) == (device.pk, "ringing")
    assert device.household is not None
    assert call.area == device.household.address.area


def test_a_device_that_runs_wild_keeps_nobody_elses_press_waiting() -> None:
    wild, wild_token = a_device_with_token()
    quiet, token = a_device_with_token()
    with open_doors() as doors:
        answers = doors.side_by_side(
            ([{"metric": "sos"}] * 400, wild_token), ({"metric": "sos"}, token)
        )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert EmergencyCall.objects.filter(resident=quiet.resident).exists()
    assert EmergencyCall.objects.get(resident=wild.resident).presses < 50
