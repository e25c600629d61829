"""Somebody is watching, or somebody is rung."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from notifications.models import Delivery
from services.emergencies import ladder, watching
from services.emergencies.actions import Press, open_call, take_call
from services.emergencies.errors import CallTaken
from services.emergencies.models import Watch
from tests.builders import (
    NOON,
    a_caregiver,
    a_duty_phone,
    a_press,
    a_resident,
    an_area,
    reloaded,
)

pytestmark = pytest.mark.django_db


def a_console(area_path: str, *, seen_at: datetime = NOON) -> None:
    watching.report_console(
        console="c1", user="user:x", area_path=area_path, sound_on=True, now=seen_at
    )


def rung() -> list[str]:
    return list(Delivery.objects.filter(person__startswith="duty:").values_list("cause", flat=True))


def test_a_watched_call_rings_the_duty_phones_after_fifteen_seconds_untaken() -> None:
    resident = a_resident()
    a_duty_phone(area=resident.area)
    a_console(resident.area.path)
    call = open_call(press=a_press(resident), now=NOON).call

    watching.ring_for_untaken(now=NOON + timedelta(seconds=14))
    assert rung() == []
    watching.ring_for_untaken(now=NOON + timedelta(seconds=15))
    assert rung() == [call.reference]


def test_an_unwatched_call_rings_the_duty_phones_at_once() -> None:
    resident = a_resident()
    a_duty_phone(area=resident.area)
    call = open_call(press=a_press(resident), now=NOON).call

    watching.ring_for_untaken(now=NOON)

    assert rung() == [call.reference]


def test_the_duty_phones_ring_every_minute_until_somebody_takes_the_call() -> None:
    resident = a_resident()
    a_duty_phone(area=resident.area)
    call = open_call(press=a_press(resident), now=NOON).call
    for minute in range(3):
        watching.ring_for_untaken(now=NOON + timedelta(minutes=minute))
    assert len(rung()) == 3

    take_call(call, by="user:x", name="Li", now=NOON + timedelta(minutes=3))
    watching.ring_for_untaken(now=NOON + timedelta(minutes=10))

    assert len(rung()) == 3
    open_ones = Delivery.objects.filter(person__startswith="duty:").exclude(state="stopped")
    assert not open_ones.exists()


def test_taking_a_call_at_the_desk_does_not_stop_its_ladder() -> None:
    call = open_call(press=a_press(a_resident()), now=NOON).call

    take_call(call, by="user:x", name="Li", now=NOON)

    assert reloaded(call).state == "ringing"
    assert reloaded(call).due_at == NOON + timedelta(seconds=30)


def test_the_second_operator_is_told_who_has_it_and_may_take_it_over_knowingly() -> None:
    call = open_call(press=a_press(a_resident()), now=NOON).call
    take_call(call, by="user:x", name="Li", now=NOON)

    with pytest.raises(CallTaken) as refused:
        take_call(call, by="user:y", name="Wu", now=NOON)
    assert refused.value.data["accepted_by_name"] == "Li"

    take_call(call, by="user:y", name="Wu", now=NOON, from_colleague=True)
    assert reloaded(call).handled_by == "user:y"


def test_a_board_nobody_watches_for_a_minute_rings_the_duty_phones() -> None:
    area = an_area()
    a_duty_phone(area=area)
    watch = Watch.objects.get_or_create(area=area)[0]
    a_console(area.path)

    watching.watch_boards(now=NOON + timedelta(seconds=30))
    assert rung() == []
    watching.watch_boards(now=NOON + timedelta(seconds=61))
    watching.watch_boards(now=NOON + timedelta(seconds=121))

    assert rung() == [f"watch:{watch.pk}"]


def test_a_console_that_comes_back_ends_the_ringing() -> None:
    area = an_area()
    a_duty_phone(area=area)
    watch = Watch.objects.get_or_create(area=area)[0]
    watching.watch_boards(now=NOON)
    watching.watch_boards(now=NOON + timedelta(seconds=60))
    assert len(rung()) == 1

    a_console(area.path, seen_at=NOON + timedelta(seconds=70))
    watching.watch_boards(now=NOON + timedelta(seconds=75))

    assert reloaded(watch).unwatched_since is None
    assert Delivery.objects.get(cause=f"watch:{watch.pk}").state == "stopped"


def test_an_area_that_got_its_first_duty_phone_is_watched_over() -> None:
    area = an_area()
    a_duty_phone(area=area)

    for second in (0, 60):
        watching.watch_boards(now=NOON + timedelta(seconds=second))

    assert rung() == [f"watch:{Watch.objects.get(area=area).pk}"]


def test_a_duty_phone_that_cannot_be_read_does_not_end_the_watch_over_others() -> None:
    broken, fine = an_area(), an_area()
    unreadable = a_duty_phone(area=broken)
    a_duty_phone(area=fine)
    of_broken = open_call(press=a_press(a_resident(area=broken)), now=NOON).call
    of_fine = open_call(press=a_press(a_resident(area=fine)), now=NOON).call
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE emergencies_dutyphone SET phone = 'lost:key' WHERE id = %s", [unreadable.pk]
        )

    watching.ring_for_untaken(now=NOON)
    for second in (0, 60):
        watching.watch_boards(now=NOON + timedelta(seconds=second))

    watch = Watch.objects.get(area=fine)
    assert rung() == [of_fine.reference, f"watch:{watch.pk}"]
    assert reloaded(of_broken).duty_due_at == NOON + timedelta(seconds=60)


def test_a_flood_of_strangers_rings_a_phone_for_one_of_them_and_for_every_known_person() -> None:
    resident = a_resident()
    assert resident.area is not None
    a_duty_phone(area=resident.area)
    lead = a_caregiver(area=resident.area, kind="duty_lead")
    for number in range(30):
        sender = f"address:198.51.100.{number}"
        stranger = Press(metric="sos", area=resident.area, verified=False, sender_key=sender)
        open_call(press=stranger, now=NOON)
    known = open_call(press=a_press(resident), now=NOON).call

    for second in (0, 60):
        now = NOON + timedelta(seconds=second)
        watching.ring_for_untaken(now=now)
        ladder.run_due(now=now)

    for_strangers = Delivery.objects.exclude(cause=known.reference)
    assert for_strangers.filter(person__startswith="duty:").count() == 1
    assert for_strangers.filter(person=f"caregiver:{lead.pk}").count() == 1
    assert rung().count(known.reference) == 2
