"""Whether senders can be relied on: noticed as it happens, told to the desk once."""

from datetime import datetime

from django.db.models import Q

from notifications import policies
from notifications.models import Attempt, Delivery, SenderHealth
from notifications.record import record_about_sender
from notifications.senders.port import OurConfiguration, SendError


def note_trouble(sender: str, delivery: Delivery, error: SendError, *, now: datetime) -> None:
    """Count an error of the provider's or ours; the sender is down when there are too many."""
    SenderHealth.objects.get_or_create(sender=sender)
    health = SenderHealth.objects.filter(sender=sender)
    health.update(last_trouble_at=now)
    reason = _reason(sender, error, now)
    if reason and health.filter(down_since=None).update(down_since=now, reason=reason):
        record_about_sender(sender, "down", delivery, now=now, reason=reason)
    if isinstance(error, OurConfiguration):
        untold = Q(told_broken_at=None) | Q(told_broken_at__lte=now - policies.TOLD_BROKEN_AGAIN)
        if health.filter(untold).update(told_broken_at=now):
            code = str(error.provider_code or "")
            record_about_sender(sender, "broken", delivery, now=now, provider_code=code)


def _reason(sender: str, error: SendError, now: datetime) -> str:
    """Why the sender is down, or ""."""
    if isinstance(error, OurConfiguration):
        return error.code
    recent = Attempt.objects.filter(
        sender=sender,
        started_at__gt=now - policies.TROUBLE_WINDOW,
        error_code__in=policies.TROUBLE,
    )[: policies.TROUBLE_MAX]
    return "errors" if len(recent) >= policies.TROUBLE_MAX else ""


def note_success(sender: str, delivery: Delivery, *, now: datetime) -> None:
    """The provider took a message; a sender without trouble for a while is up again."""
    up = SenderHealth.objects.filter(
        sender=sender, last_trouble_at__lte=now - policies.TROUBLE_WINDOW
    ).exclude(down_since=None)
    if up.update(down_since=None, reason=""):
        record_about_sender(sender, "up", delivery, now=now)
