"""What other systems may be told, how often it is tried, and who arranges it."""

from collections.abc import Sequence
from datetime import timedelta

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

ACCESS = [
    *grant(
        "webhooks",
        "list read create change delete rotate notices try-again",
        {Role.ADMINISTRATOR: Scope.AREA},
    ),
]
FIELDS = [
    *fields("webhooks", "list read notices", "*"),
    *fields("webhooks", "create change", "label url types active"),
]

TOLD = frozenset({"alert", "area", "call", "complaint", "device", "order", "visit"})
"""First words of events that may leave us. What somebody's health, place, benefits, consents or
family are about does not: already that such an event happened says something. Our choice, after
PIPL Article 6 (least necessary)."""

MOST_WEBHOOKS = 20
MOST_KINDS = 40

BACK_OFF: Sequence[timedelta] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Waits between tries, three days in all. Source: Standard Webhooks 1.0, deliverability."""

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
KEPT = timedelta(days=30)
PER_ROUND = 20
"""Of one system in one round of a second, so that none is flooded when it is back."""
WITHIN_S = 8.0
LEASE_S = 60.0
"""Longer than `PER_ROUND` quick answers and one that hangs."""


def wait_after(tries: int) -> timedelta | None:
    """How long after this many tries the next one comes; None: none does."""
    return BACK_OFF[tries - 1] if tries <= len(BACK_OFF) else None
