"""The door of watches over a real database, driven as a watch drives it."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from devices import readings
from devices.ingest.intake import Intake
from devices.ingest.registry import Registry
from devices.models import Device, RejectedMessage
from devices.watch.door import WatchDoor
from devices.watch.frames import Frame
from devices.watch.line import Limits
from services.alerts.models import Alert
from services.emergencies.models import EmergencyCall
from tests.builders import HOME_LAT, NOON, a_device, reloaded
from tests.devices.ingest.doors import FixedClock, readings_of
from tests.threads import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_S = 10
ID = "6907919734"
ELSEWHERE = "127.0.0.2"
PRESS = "AL,231126,035900,V,0,N,0,E,0,0,0,0,0,22,0,0,00010000,0,0,0"


def a_watch(**fields: Any) -> Device:
    return a_device(kind="watch", adapter="watch", **{"external_id": ID, **fields})


def said(content: str, name: str = ID) -> bytes:
    return Frame("3G", name, content.encode()).encoded()


class Wearer:
    """A line of a watch."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))
        await self.writer.drain()

    async def hears(self, expected: bytes) -> bool:
        try:
            got = await asyncio.wait_for(self.reader.readexactly(len(expected)), WITHIN_S)
        except asyncio.IncompleteReadError:
            return False
        return got == expected

    async def hears_nothing(self, within_s: float = 0.4) -> bool:
        try:
            return await asyncio.wait_for(self.reader.read(1), within_s) == b""
        except TimeoutError:
            return True


@asynccontextmanager
async def an_open_door(
    *, hold_s: float = 5.0, limits: Limits | None = None
) -> AsyncIterator[tuple[WatchDoor, Intake]]:
    intake = Intake(hold_s=hold_s)
    intake.clock = FixedClock(NOON)
    intake.start()
    door = WatchDoor("127.0.0.1", 0, intake=intake, limits=limits)
    await door.start()
    try:
        yield door, intake
    finally:
        await door.stop()
        await intake.stop()


@asynccontextmanager
async def a_line(door: WatchDoor, *, place: str = "127.0.0.1") -> AsyncIterator[Wearer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port, local_addr=(place, 0))
    try:
        yield Wearer(reader, writer)
    finally:
        writer.close()


@pytest.fixture(autouse=True)
def _months() -> None:
    readings.ensure_partitions(NOON)


def test_a_press_without_a_fix_is_a_call_at_home_before_it_is_answered() -> None:
    watch = a_watch()

    async def wear() -> int:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said(PRESS))
            assert await line.hears(said("AL"))
            return await asyncio.to_thread(on_own_connection, EmergencyCall.objects.count)

    assert asyncio.run(wear()) == 1
    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (True, watch.resident, watch.pk)
    assert (call.place_source, call.place_lat) == ("home", HOME_LAT)
    assert ("battery_percent", 22.0, None) in readings_of(watch)


def test_the_same_frame_again_is_the_same_press_and_another_moment_is_another() -> None:
    a_watch()

    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            for frame in (PRESS, PRESS, PRESS.replace("035900", "035930")):
                await line.says(said(frame))
                assert await line.hears(said("AL"))

    asyncio.run(wear())
    assert EmergencyCall.objects.get().presses == 2


def test_every_alarm_bit_counts_and_a_low_battery_hides_no_fall() -> None:
    watch = a_watch()

    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said(PRESS.replace("00010000", "00610001")))
            assert await line.hears(said("AL"))

    asyncio.run(wear())
    assert EmergencyCall.objects.get().presses == 2
    assert Alert.objects.get().kind == "battery"
    assert {metric for metric, *_ in readings_of(watch)} >= {"sos", "fall", "battery_low"}


def test_signs_of_life_are_answered_and_noted() -> None:
    watch = a_watch()

    async def wear() -> None:
        async with an_open_door() as (door, intake), a_line(door) as line:
            await line.says(said("LK,120,0,80"), said("heart,0"), said("TKQ"), said("LK"))
            assert await line.hears(said("LK") + said("TKQ") + said("LK"))
            await asyncio.to_thread(on_own_connection, lambda: intake.write_notes(NOON))

    asyncio.run(wear())
    assert (reloaded(watch).online, reloaded(watch).battery_percent) == (True, 80)
    assert [metric for metric, *_ in readings_of(watch)] == ["battery_percent", "steps"]


def test_a_press_kept_for_hours_is_an_alert_with_its_age_and_rings_nobody() -> None:
    a_watch()

    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said(PRESS.replace("035900", "010000")))
            assert await line.hears(said("AL"))

    asyncio.run(wear())
    assert not EmergencyCall.objects.exists()
    assert (Alert.objects.get().kind, Alert.objects.get().detail["age_s"] > 7_200) == ("sos", True)


def test_a_number_that_nobody_knows_is_an_unverified_call_and_nothing_else() -> None:
    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said("LK,0,0,50"))
            assert await line.hears_nothing()
            await line.says(said(PRESS))
            assert await line.hears(said("AL"))

    asyncio.run(wear())
    call = EmergencyCall.objects.get()
    assert (call.verified, call.source_device) == (False, None)


def test_a_device_that_is_no_watch_is_not_believed_here() -> None:
    a_device(adapter="zigbee2mqtt", external_id="0x00124b0001")

    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said(PRESS, "0x00124b0001"))
            assert await line.hears(said("AL", "0x00124b0001"))

    asyncio.run(wear())
    assert EmergencyCall.objects.get().verified is False


def test_the_number_of_a_watch_that_is_being_heard_is_not_believed_from_elsewhere() -> None:
    watch = a_watch()

    async def wear() -> None:
        async with (
            an_open_door() as (door, intake),
            a_line(door) as own,
            a_line(door, place=ELSEWHERE) as other,
        ):
            await own.says(said("LK,0,0,50"))
            assert await own.hears(said("LK"))
            await other.says(said("LK,9,9,9"))
            assert await other.hears_nothing()
            await other.says(said(PRESS))
            assert await other.hears(said("AL"))
            await own.says(said("LK,0,0,51"))
            assert await own.hears(said("LK"))
            await asyncio.to_thread(on_own_connection, lambda: intake.write_notes(NOON))

    asyncio.run(wear())
    call = EmergencyCall.objects.get()
    assert (call.verified, call.resident, call.source_device) == (False, None, watch.pk)
    assert reloaded(watch).battery_percent == 51
    assert RejectedMessage.objects.filter(code="second_session").exists()


def test_from_its_own_place_a_new_line_takes_over_and_from_elsewhere_when_it_fell_silent() -> None:
    a_watch()

    async def wear() -> None:
        limits = Limits(away_s=0.2)
        async with an_open_door(limits=limits) as (door, _), a_line(door) as first:
            await first.says(said("LK"))
            assert await first.hears(said("LK"))
            async with a_line(door) as second:
                await second.says(said("LK"))
                assert await second.hears(said("LK"))
                assert await asyncio.wait_for(first.reader.read(), WITHIN_S) == b""
                await asyncio.sleep(0.3)
                async with a_line(door, place=ELSEWHERE) as third:
                    await third.says(said("LK"))
                    assert await third.hears(said("LK"))

    asyncio.run(wear())


def test_a_line_speaks_for_one_watch_only() -> None:
    a_watch()
    a_watch(external_id="2")

    async def wear() -> None:
        async with an_open_door() as (door, _), a_line(door) as line:
            await line.says(said("LK"), said(PRESS, "2"))
            assert await line.hears(said("LK") + said("AL", "2"))

    asyncio.run(wear())
    assert EmergencyCall.objects.get().verified is False


@asynccontextmanager
async def a_database_that_is_away() -> AsyncIterator[None]:
    """Nobody can write what was pressed until it is over."""
    locked, over = threading.Event(), threading.Event()

    def lock() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_ledgerentry IN ACCESS EXCLUSIVE MODE")
            locked.set()
            over.wait(WITHIN_S)

    work = asyncio.create_task(asyncio.to_thread(on_own_connection, lock))
    await asyncio.to_thread(locked.wait, WITHIN_S)
    try:
        yield
    finally:
        over.set()
        await work


def test_what_is_not_committed_in_time_is_not_answered_and_comes_again() -> None:
    a_watch()

    async def wear() -> None:
        async with an_open_door(hold_s=0.5) as (door, _):
            async with a_line(door) as line, a_database_that_is_away():
                await line.says(said(PRESS))
                assert await asyncio.wait_for(line.reader.read(), WITHIN_S) == b""
            async with a_line(door) as line:
                await line.says(said(PRESS))
                assert await line.hears(said("AL"))

    asyncio.run(wear())
    assert EmergencyCall.objects.get().presses == 1


def test_while_the_database_is_away_for_a_moment_the_press_is_held_and_then_answered() -> None:
    a_watch()

    async def wear() -> None:
        async with an_open_door(hold_s=8) as (door, _), a_line(door) as line:
            async with a_database_that_is_away():
                await line.says(said(PRESS))
                assert await line.hears_nothing(0.5)
            assert await line.hears(said("AL"))

    asyncio.run(wear())
    assert EmergencyCall.objects.count() == 1


def test_an_alarm_cut_off_with_its_line_is_still_heard() -> None:
    watch = a_watch()

    async def wear() -> None:
        async with an_open_door() as (door, _):
            async with a_line(door) as line:
                await line.says(said(PRESS)[:40])
            await asyncio.sleep(0.3)

    asyncio.run(wear())
    assert EmergencyCall.objects.get().source_device == watch.pk


def test_rubbish_is_counted_and_ends_the_line_but_never_the_door() -> None:
    a_watch()
    chance = random.Random(11)  # noqa: S311 - repeatable

    async def wear() -> None:
        limits = Limits(stranger_content_bytes=256)
        async with an_open_door(limits=limits) as (door, intake):
            for _ in range(30):
                async with a_line(door) as line:
                    noise = b"".join(
                        chance.randbytes(chance.randrange(1, 60))
                        + chance.choice([b"[", b"]", b"[3G*", b"[3G*1*ffff*", b"*", b"\r\n"])
                        for _ in range(30)
                    )
                    await line.says(noise)
            async with a_line(door) as line:
                await line.says(said(PRESS))
                assert await line.hears(said("AL"))
            await asyncio.to_thread(on_own_connection, lambda: intake.write_notes(NOON))

    asyncio.run(wear())
    assert EmergencyCall.objects.filter(verified=True).count() == 1
    assert RejectedMessage.objects.filter(code="bad_frame").count() == 1


def test_strangers_make_room_for_each_other_and_never_push_out_a_watch() -> None:
    a_watch()

    async def wear() -> None:
        async with an_open_door(limits=Limits(strangers=2)) as (door, _), a_line(door) as own:
            await own.says(said("LK"))
            assert await own.hears(said("LK"))
            async with a_line(door) as first, a_line(door), a_line(door):
                assert await asyncio.wait_for(first.reader.read(), WITHIN_S) == b""
            await own.says(said("LK"))
            assert await own.hears(said("LK"))

    asyncio.run(wear())


def test_duplicates_and_any_order_leave_the_calls_and_alerts_of_the_clean_order() -> None:
    chance = random.Random(5)  # noqa: S311 - repeatable
    frames = []
    for minutes in range(0, 24 * 60, 40):
        at = NOON - timedelta(minutes=minutes)
        status = chance.choice(["00000000", "00000000", "00000001", "00010000", "00200000"])
        kind = "AL" if status != "00000000" else "UD"
        fields = f"V,0,N,0,E,0,0,0,0,0,{chance.randrange(5, 99)},7,0,{status},0,0,0"
        frames.append(f"{kind},{at:%d%m%y,%H%M%S},{fields}")
    frames.reverse()
    shuffled = [*frames, *chance.choices(frames, k=len(frames) // 5)]
    chance.shuffle(shuffled)

    async def wear(name: str, sent: list[str]) -> None:
        async with an_open_door() as (door, intake), a_line(door) as line:
            for frame in sent:
                await line.says(said(frame, name), said("TKQ", name))
                answer = said("AL", name) if frame.startswith("AL") else b""
                assert await line.hears(answer + said("TKQ", name))
            await asyncio.to_thread(on_own_connection, lambda: intake.write_notes(NOON))

    states = []
    for name, sent in (("71", frames), ("72", shuffled)):
        watch = a_watch(external_id=name)
        asyncio.run(wear(name, sent))
        device = reloaded(watch)
        calls = EmergencyCall.objects.filter(resident=watch.resident)
        alerts = Alert.objects.filter(resident=watch.resident, state="raised")
        states.append(
            (
                sorted(readings_of(watch), key=str),
                list(calls.values_list("presses", flat=True)),
                sorted(alerts.values_list("kind", flat=True)),
                (device.battery_percent, device.battery_low_at, device.battery_good_at),
            )
        )
    for clean, shuffled_one in zip(*states, strict=True):
        assert clean == shuffled_one


def test_a_registry_that_is_asked_for_a_watch_knows_what_it_is() -> None:
    watch = a_watch(model="S9")

    async def ask() -> tuple[str, str]:
        registry = Registry()
        registry.start()
        try:
            identity = await registry.of_name(ID)
        finally:
            await registry.stop()
        assert identity is not None
        return identity.profile_of(ID).adapter, identity.profile_of("").model

    assert asyncio.run(ask()) == ("watch", "S9")
    assert watch.external_id == ID
