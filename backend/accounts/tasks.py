"""Tidying of the sign-in's tables."""

from celery import shared_task

from backend.accounts import limits
from backend.accounts.actions.codes import forget_old_codes
from backend.core import clock


@shared_task
def forget_old_tries() -> None:
    """Drop codes and counts whose time is over."""
    now = clock.now()
    forget_old_codes(now=now)
    limits.forget_old(now=now)
