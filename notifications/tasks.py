"""What can wait: texts nobody reported on, and what is kept no longer."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction

from backend.core import clock
from notifications import routes
from notifications.actions import report_status
from notifications.models import Attempt, CallIn, Channel, Delivery
from notifications.senders import port
from notifications.senders.port import SendError
from notifications.senders.states import FINAL

Priority = Delivery.Priority

REPORTED_WITHIN = timedelta(hours=1)
ASKED_AFTER_FOR = timedelta(days=3)
"""Source: GOV.UK Notify takes a text without a report for 72 h as not delivered."""
ASKED_AFTER_MAX = 200

KEPT = {
    Priority.EMERGENCY: timedelta(days=3 * 365),
    Priority.URGENT: timedelta(days=30),
    Priority.ROUTINE: timedelta(days=180),
}
"""Source: Civil Code of the People's Republic of China, article 188, three years to sue."""
FORGOTTEN_AT_ONCE = 2000


@shared_task
def reconcile_texts() -> int:
    """Ask the provider about texts it has not reported on for an hour; returns how many."""
    now = clock.now()
    unreported = (
        Attempt.objects.filter(
            delivery__channel=Channel.SMS,
            delivery__state=Delivery.State.SENT,
            started_at__gt=now - ASKED_AFTER_FOR,
            started_at__lt=now - REPORTED_WITHIN,
        )
        .exclude(state__in=FINAL)
        .exclude(provider_id="")
        .order_by("started_at")
    )
    asked = 0
    for attempt in unreported[:ASKED_AFTER_MAX]:
        sender = routes.sender_named(attempt.sender)
        if sender is None:
            continue
        try:
            found = sender.lookup(port.Channel.SMS, attempt.provider_id)
        except SendError:
            return asked  # the provider is away: the next round asks again
        if found is not None:
            report_status(attempt, found.state, now=clock.now())
        asked += 1
    return asked


@shared_task
def forget_old_deliveries() -> int:
    """Delete what is kept no longer, some thousands at a time; returns how many."""
    now = clock.now()
    forgotten = 0
    for priority, kept in KEPT.items():
        old = Delivery.objects.filter(priority=priority, created_at__lt=now - kept)
        while keys := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
            with transaction.atomic():
                Delivery.objects.filter(pk__in=keys).delete()
            forgotten += len(keys)
    return forgotten


@shared_task
def forget_old_call_ins() -> int:
    """Delete who rang us when, after as long as an emergency's messages; returns how many."""
    old = CallIn.objects.filter(began_at__lt=clock.now() - KEPT[Priority.EMERGENCY])
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        CallIn.objects.filter(pk__in=keys).delete()
        forgotten += len(keys)
    return forgotten
