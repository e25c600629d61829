"""Tidying after imports."""

from celery import shared_task

from backend.core import clock
from devices.enrolment.actions.importing import forget_old_tables as forget


@shared_task
def forget_old_tables() -> None:
    """Drop the tables that nobody applied, with the people in them."""
    forget(now=clock.now())
