"""The loop of webhooks that `manage.py tick` runs: threads of its own, each system by itself.

A system that hangs keeps one thread for one request; what else it is owed waits for the next
round.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from django.db import connection

from backend.core import clock, due, hints
from backend.core.loops import repeat
from backend.core.readers import REST_S
from backend.webhooks import actions, policies
from backend.webhooks.models import Notice, Webhook
from backend.webhooks.sending import tell

EVERY_S = 1.0
logger = logging.getLogger(__name__)
THREADS = 4


def run(stop: threading.Event) -> None:
    """Tell what is due, each second or at a hint."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as pool:
        repeat(
            stop,
            partial(_round, pool),
            every_s=EVERY_S,
            wake_on=hints.JOURNAL_NUMBERED,
            rest_s=REST_S,
        )


def _round(pool: ThreadPoolExecutor, now: datetime) -> None:
    actions.owe_new(now=now)
    begun = [pool.submit(_work, notices) for notices in claim_due(now=now)]
    for error in filter(None, [work.exception() for work in begun]):
        logger.error("telling a system broke off; its lease brings it back", exc_info=error)


def claim_due(*, now: datetime) -> list[list[Notice]]:
    """What is due, by system, of each at most a round's worth."""
    claimed = []
    for key in Webhook.objects.filter(active=True).values_list("pk", flat=True):
        rows = Notice.objects.filter(webhook=key)
        limit, lease_s = policies.PER_ROUND, policies.LEASE_S
        if notices := due.claim(rows, now=now, lease_s=lease_s, limit=limit):
            claimed.append(notices)
    return claimed


def tell_all(notices: Sequence[Notice]) -> int:
    """Tell one system what it is owed, until one is not taken; returns how many were."""
    webhook = Webhook.objects.get(pk=notices[0].webhook_id)
    for number, notice in enumerate(notices):
        taken, answer = tell(notice, webhook, now=clock.now())
        actions.finish(notice, taken=taken, answer=answer, now=clock.now())
        if not taken:
            for later in notices[number + 1 :]:
                due.finish(later, due_at=clock.now() + policies.BACK_OFF[0])
            return number
    return len(notices)


def _work(notices: Sequence[Notice]) -> int:
    try:
        return tell_all(notices)
    finally:
        connection.close()
