"""What Celery does for community: making the days of what comes again."""

from celery import shared_task

from backend.core import clock
from services.community import actions


@shared_task(queue="heavy")
def make_orders() -> None:
    """Make the orders of standing orders whose horizon has moved on."""
    actions.make_due(now=clock.now())
