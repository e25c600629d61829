"""An alert is raised once for what goes on, and never lost to one that is just being closed."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from services.alerts.actions import raise_alert, resolve_alert
from services.alerts.models import Alert
from tests.builders import NOON, a_resident, an_area, reloaded
from tests.threads import Held, at_once, on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

WAITS_S = 0.2


def test_the_same_sign_again_is_counted_on_the_open_alert() -> None:
    resident = a_resident()
    assert resident.area is not None
    area = resident.area

    first, again = (
        raise_alert(kind="water", area=area, resident=resident, now=NOON) for _ in range(2)
    )

    assert again.pk == first.pk
    assert reloaded(first).times_seen == 2


def test_signs_at_the_same_moment_are_one_alert() -> None:
    resident = a_resident()
    assert resident.area is not None
    area = resident.area

    at_once(*[lambda: raise_alert(kind="water", area=area, resident=resident, now=NOON).pk] * 6)

    assert Alert.objects.get().times_seen == 6


def test_a_sign_that_comes_while_the_alert_is_being_closed_is_a_new_alert() -> None:
    resident = a_resident()
    assert resident.area is not None
    area = resident.area
    old = raise_alert(kind="water", area=area, resident=resident, now=NOON)

    with (
        Held(lambda: resolve_alert(old, by="user:x", now=NOON)) as closing,
        ThreadPoolExecutor(1) as pool,
    ):
        again = pool.submit(
            on_own_connection,
            lambda: raise_alert(kind="water", area=area, resident=resident, now=NOON),
        )
        time.sleep(WAITS_S)
        closing.commit()
        raised = again.result()

    assert raised.pk != old.pk
    assert (reloaded(raised).state, reloaded(old).times_seen) == ("raised", 1)


def test_devices_without_a_home_have_alerts_of_their_own() -> None:
    here, there = an_area(), an_area()

    first = raise_alert(kind="battery", area=here, source_device=uuid4(), now=NOON)
    second = raise_alert(kind="battery", area=there, source_device=uuid4(), now=NOON)

    assert second.pk != first.pk
    assert second.area == there
