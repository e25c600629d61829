"""What Celery does for assistance: screening everybody, and asking about offers."""

from celery import shared_task

from backend.core import clock
from services.assistance.offers import finding
from services.assistance.policy import screening

PORTIONS_AT_ONCE = 40
"""20,000 screenings at most, then the next start goes on: a worker is never held for long."""


@shared_task(queue="heavy")
def screen_residents() -> None:
    """Look at who is due, and offer to those who were found."""
    screening.list_new(now=clock.now())
    for _portion in range(PORTIONS_AT_ONCE):
        if screening.run_due(now=clock.now()) < screening.PORTION:
            break
    finding.offer_to_found(now=clock.now())


@shared_task(queue="routine")
def ask_about_offers() -> None:
    """Ask what is due to be asked."""
    finding.ask_due(now=clock.now())
