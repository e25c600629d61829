"""What Celery does for visits: making them, and texting each shift its day."""

from celery import shared_task

from backend.core import clock
from services.visits import actions, texting


@shared_task(queue="heavy")
def make_visits() -> None:
    """Make the visits of plans whose horizon has moved on."""
    actions.make_due(now=clock.now())


@shared_task(queue="routine")
def text_shifts() -> None:
    """Owe the texts of the shifts that begin about now."""
    texting.text_shifts(now=clock.now())
