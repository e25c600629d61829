"""What Celery does for rights: clocks, copies, and forgetting."""

from celery import shared_task

from backend.core import clock
from services.rights import actions, erased_list, retention, watching


@shared_task(queue="routine")
def keep_clocks() -> None:
    """Remind of requests that are nearly over, and raise those that are."""
    while watching.run_due(now=clock.now()) >= watching.PORTION:
        pass


@shared_task(queue="heavy")
def prepare_copies() -> None:
    """Prepare the copies that were approved."""
    while actions.prepare_due(now=clock.now()):
        pass


@shared_task(queue="heavy")
def forget_old() -> None:
    """Forget what is over its time, and complete the list of the deleted."""
    now = clock.now()
    actions.forget_copies(now=now)
    actions.empty_what_is_over(now=now)
    retention.forget_old(now=now)
    erased_list.complete()
