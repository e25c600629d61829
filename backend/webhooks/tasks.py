"""What Celery's beat does of webhooks."""

from celery import shared_task

from backend.core import clock
from backend.webhooks import actions


@shared_task
def forget_old_notices() -> int:
    """Forget what was told or given up long ago."""
    return actions.forget_old(now=clock.now())
