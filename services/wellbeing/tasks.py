"""What Celery does for wellbeing; `manage.py tick` does the same without it, and neither twice."""

from celery import shared_task

from backend.core import clock
from services.wellbeing import actions


@shared_task(queue="routine")
def ask_reminders() -> None:
    """Ask the reminders that are due."""
    while actions.ask_due(now=clock.now()):
        pass


@shared_task(queue="routine")
def keep_days() -> None:
    """Make the days of the I-am-OK and watch who is new at risk."""
    actions.make_days(now=clock.now())
    actions.watch_everybody(now=clock.now())


@shared_task(queue="routine")
def forget_old() -> None:
    """Drop days and times of reminders that nobody looks back on."""
    actions.forget_old(now=clock.now())
