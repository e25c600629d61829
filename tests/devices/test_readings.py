"""Partitions of readings: made ahead, dropped when all in them is old."""

from datetime import datetime

import pytest
from django.db import connection

from devices import readings
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        return set(readings._partitions(cursor))


def test_this_month_and_the_next_two_have_their_partitions_and_twice_is_once() -> None:
    readings.ensure_partitions(NOON)

    ahead = {f"devices_reading_{month}" for month in ("y2026m11", "y2026m12", "y2027m01")}
    assert ahead <= partitions()
    assert readings.ensure_partitions(NOON) == []


def test_a_partition_is_dropped_when_its_last_day_is_90_days_ago() -> None:
    readings.ensure_partitions(datetime.fromisoformat("2026-07-15T00:00:00Z"))

    assert readings.drop_old_partitions(datetime.fromisoformat("2026-10-29T23:00:00Z")) == []
    dropped = readings.drop_old_partitions(datetime.fromisoformat("2026-10-30T00:00:00Z"))

    assert dropped == ["devices_reading_y2026m07"]
    assert "devices_reading_y2026m08" in partitions()
