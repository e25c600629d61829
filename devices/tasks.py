"""Tidying and watching over devices."""

from celery import shared_task

from backend.core import clock
from devices import actions, readings


@shared_task
def keep_readings() -> None:
    """See that the coming months have their partitions, and drop those past their time."""
    now = clock.now()
    readings.ensure_partitions(now)
    readings.drop_old_partitions(now)


@shared_task
def find_silent_devices() -> None:
    """Tell staff of devices that were not heard for longer than their kind may be."""
    actions.tell_silent(now=clock.now())
