"""How often something may be tried: counted in the database, in one statement, before the try.

What is tried is counted by account and source together, so that somebody who guesses from
elsewhere never locks out whom the account belongs to.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.db import connection

from backend.accounts.errors import TooManyAttempts
from backend.accounts.models import AttemptCount
from backend.core import crypto

KEPT = timedelta(days=1)
"""As long as any limit counts, or longer."""
HOME_PREFIX = 64
"""One home has a whole /64 of IPv6. Source: RFC 6177."""

COUNT = """
INSERT INTO accounts_attemptcount AS a (key, count, since) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN a.since <= %(floor)s THEN 1 ELSE a.count + 1 END,
  since = CASE WHEN a.since <= %(floor)s THEN excluded.since ELSE a.since END
RETURNING count, since
"""

WAIT = """
INSERT INTO accounts_attemptcount AS a (key, count, since) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN a.since <= %(quiet_since)s THEN 1 ELSE a.count + 1 END,
  since = excluded.since
WHERE a.since <= %(quiet_since)s OR a.count < %(free)s OR a.since <= excluded.since - least(
  %(longest)s, %(first)s * power(2, least(a.count - %(free)s, 20))
)
RETURNING count
"""


@dataclass(frozen=True)
class Limit:
    """At most so many times in a span that starts with the first."""

    name: str
    times: int
    per: timedelta


@dataclass(frozen=True)
class Pauses:
    """So many tries at will; after each further one a pause, twice as long each time."""

    name: str
    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta

    def after(self, count: int) -> timedelta:
        """The pause after so many tries."""
        if count < self.free:
            return timedelta(0)
        return min(self.longest, self.first * (1 << min(count - self.free, 20)))


def take_after_pause(pauses: Pauses, *of: str, now: datetime) -> None:
    """Count one try of something; a try within a pause is refused, and not counted.

    Raises:
        TooManyAttempts: the pause is not over.
    """
    key = _key(pauses, of)
    moments: dict[str, Any] = {
        "key": key,
        "now": now,
        "quiet_since": now - pauses.forgotten_after,
        "free": pauses.free,
        "first": pauses.first,
        "longest": pauses.longest,
    }
    with connection.cursor() as cursor:
        cursor.execute(WAIT, moments)
        if cursor.fetchone():
            return
    before = AttemptCount.objects.get(key=key)
    _refuse(before.since + pauses.after(before.count) - now)


def reach(limit: Limit, *of: str, now: datetime) -> None:
    """Use a limit up at once; its span begins now."""
    AttemptCount.objects.update_or_create(
        key=_key(limit, of), defaults={"count": limit.times, "since": now}
    )


def is_reached(limit: Limit, *of: str, now: datetime) -> bool:
    """Whether a limit is used up; nothing is counted."""
    return AttemptCount.objects.filter(
        key=_key(limit, of), count__gte=limit.times, since__gt=now - limit.per
    ).exists()


def take(limit: Limit, *of: str, now: datetime) -> None:
    """Count one try of something; call it before the try, outside of any transaction.

    Raises:
        TooManyAttempts: the limit was reached before.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": _key(limit, of), "now": now, "floor": now - limit.per})
        count, since = cursor.fetchone()
    if count > limit.times:
        _refuse(since + limit.per - now)


def _refuse(wait: timedelta) -> NoReturn:
    wait_s = max(1, math.ceil(wait.total_seconds()))
    raise TooManyAttempts(retry_after_s=wait_s, minutes=math.ceil(wait_s / 60))


def forget(limit: Limit | Pauses, *of: str) -> None:
    """Start anew, after a success."""
    AttemptCount.objects.filter(key=_key(limit, of)).delete()


def forget_old(*, now: datetime) -> int:
    """Drop counts whose span is over; returns how many."""
    return AttemptCount.objects.filter(since__lt=now - KEPT).delete()[0]


def source_of(address: str) -> str:
    """What counts as one source: an IPv4 address, or a whole home's IPv6 network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, HOME_PREFIX), strict=False))
    return str(parsed)


def _key(limit: Limit | Pauses, of: tuple[str, ...]) -> str:
    """Neither names nor addresses stand in the table."""
    return crypto.blind_index("\0".join(of), context=f"limit {limit.name}")
