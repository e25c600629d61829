"""What Celery does for visits: making them."""

from celery import shared_task

from backend.core import clock
from services.visits import actions


@shared_task(queue="heavy")
def make_visits() -> None:
    """Make the visits of plans whose horizon has moved on."""
    actions.make_due(now=clock.now())
