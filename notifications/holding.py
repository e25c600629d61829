"""What an engine holds: leases that are renewed as long as it lives, and when others' have ended.

A lease is short, so that what a dead engine held comes back soon. Two things keep it from being
taken from a live one: it is renewed while the provider is being asked, and after a time without
the database nobody takes over before the holder has had a lease's time to renew it.
"""

import logging
import threading
import time
from collections.abc import Iterable
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from backend.core import clock, due
from notifications import policies
from notifications.models import Delivery

logger = logging.getLogger(__name__)


class Leases:
    """The leases of one engine."""

    def __init__(self, lease_s: float) -> None:
        """Nothing is held before `hold`."""
        self.lease_s = lease_s
        self._held: dict[UUID, tuple[UUID, float]] = {}
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._seen_at: float | None = None
        self._watching_since = 0.0
        self._renewing = threading.Thread(target=self._renew_all, name="leases", daemon=True)

    def start(self) -> None:
        """Renew in a thread of its own until `stop`."""
        self._renewing.start()

    def stop(self) -> None:
        """Renew no more; what is still held comes back when its lease ends."""
        self._stop.set()
        self._renewing.join()

    def hold(self, claimed: Iterable[Delivery]) -> None:
        """Keep these from being taken over."""
        with self._changing:
            for delivery in claimed:
                if delivery.lease_token is not None:
                    self._held[delivery.pk] = (delivery.lease_token, time.monotonic())

    def let_go(self, delivery: Delivery) -> None:
        """The work on it is over."""
        with self._changing:
            self._held.pop(delivery.pk, None)

    def note_database(self) -> None:
        """The database answers: called in each round, so that a time without it is noticed."""
        now = time.monotonic()
        if self._seen_at is None or now - self._seen_at > self.lease_s / 2:
            self._watching_since = now
        self._seen_at = now

    @property
    def may_take_over(self) -> bool:
        """Whether a lease that ended was left by a dead engine, and not for want of a database."""
        watched_for_s = time.monotonic() - self._watching_since
        return self._seen_at is not None and watched_for_s >= self.lease_s

    def _renew_all(self) -> None:
        try:
            while not self._stop.wait(self.lease_s / policies.RENEWALS):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        fresh_since = time.monotonic() - policies.HELD_FOR_S
        with self._changing:
            held = {pk: token for pk, (token, at) in self._held.items() if at > fresh_since}
        if not held:
            return
        try:
            due.renew(Delivery, held, now=clock.now(), lease_s=self.lease_s)
        except (OperationalError, InterfaceError) as error:
            logger.warning("leases could not be renewed: %s", type(error).__name__)
            connection.close()
