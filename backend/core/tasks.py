"""Tidying of the kernel's tables."""

from celery import shared_task

from backend.core import clock, idempotency, ledger


@shared_task
def forget_old_messages() -> None:
    """Drop ledger entries and kept answers past their time."""
    now = clock.now()
    ledger.forget_old(now=now)
    idempotency.forget_old(now=now)
