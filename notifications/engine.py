"""The engine: takes due deliveries and brings them, each second or at a hint.

Any number of engines may run; a row is worked on by one of them at a time. What is known is
written down before and after each request to a provider, never during it.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from django.db import InterfaceError, OperationalError, connection

from backend.core import clock, due, hints
from backend.core.loops import RETRY_S, repeat
from backend.people import phones
from notifications import policies, routes
from notifications.actions.attempting import (
    begin_attempt,
    finish_attempt,
    give_up_lost_attempt,
    message_of,
    note_found,
    postpone,
    release,
)
from notifications.actions.reporting import report_status
from notifications.holding import Leases
from notifications.models import Attempt, Channel, Delivery
from notifications.senders import port
from notifications.senders.port import OutgoingCall, OutgoingText, Sender, SendError, Sent
from notifications.senders.states import AttemptState

EVERY_S = 1.0

State = Delivery.State
Priority = Delivery.Priority

STILL_RINGING = frozenset(
    {
        AttemptState.UNKNOWN,
        AttemptState.QUEUED,
        AttemptState.INITIATED,
        AttemptState.RINGING,
    }
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LaneOf:
    """Which deliveries share threads, those that are taken first named first."""

    priorities: Sequence[int]
    threads: int


LANES = (LaneOf([Priority.EMERGENCY], 8), LaneOf([Priority.URGENT, Priority.ROUTINE], 4))
"""Routine messages never wait in front of an emergency: it has threads of its own."""


def run(stop: threading.Event) -> None:
    """Bring what is due until told to stop, then finish what is under way."""
    for sender in routes.senders():
        sender.prepare()
    with Engine() as engine:
        repeat(stop, engine.take_due, every_s=EVERY_S, wake_on=hints.DUE)


def deliver_due(*, limit: int = 100) -> int:
    """Bring what is due, one after another, in this thread; returns how many."""
    everything = [priority for lane in LANES for priority in lane.priorities]
    brought = 0
    while brought < limit and (claimed := _claim(everything, now=clock.now(), limit=1)):
        bring(claimed[0])
        brought += 1
    return brought


class Engine(AbstractContextManager["Engine"]):
    """Lanes of threads that bring deliveries, and the leases they hold."""

    def __init__(
        self, lanes: Sequence[LaneOf] = LANES, *, lease_s: float = policies.LEASE_S
    ) -> None:
        self._leases = Leases(lease_s)
        self._lanes = [Lane(lane, self._leases) for lane in lanes]

    def __enter__(self) -> Self:
        """Begin to renew leases."""
        self._leases.start()
        return self

    def take_due(self, now: datetime) -> None:
        """Give every free thread a due delivery."""
        self._leases.note_database()
        for lane in self._lanes:
            lane.take_due(now)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what is under way."""
        for lane in self._lanes:
            lane.close()
        self._leases.stop()


class Lane:
    """Threads for some priorities; a delivery is claimed only when a thread is free for it."""

    def __init__(self, lane: LaneOf, leases: Leases) -> None:
        self._leases = leases
        self._priorities = lane.priorities
        self._threads = lane.threads
        self._busy = 0
        self._counting = threading.Lock()
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(lane.threads, thread_name_prefix="delivery")

    def take_due(self, now: datetime) -> None:
        """Claim as many due deliveries as there are free threads."""
        with self._counting:
            free = self._threads - self._busy
        for delivery in self._claim(now, limit=free) if free else []:
            with self._counting:
                self._busy += 1
            self._pool.submit(self._work, delivery).add_done_callback(self._done)

    def close(self) -> None:
        """Finish what is under way and take no more."""
        self._closing.set()
        self._pool.shutdown(wait=True)

    def _work(self, delivery: Delivery) -> None:
        try:
            self._bring(delivery)
            while not self._closing.is_set():
                following = self._claim(clock.now(), limit=1)
                if not following:
                    return
                self._bring(following[0])
        finally:
            # An idle thread keeps no connection: most of the time nothing is due.
            connection.close()

    def _claim(self, now: datetime, *, limit: int) -> list[Delivery]:
        leases = self._leases
        claimed = _claim(
            self._priorities,
            now=now,
            limit=limit,
            lease_s=leases.lease_s,
            take_over=leases.may_take_over,
        )
        leases.hold(claimed)
        return claimed

    def _bring(self, delivery: Delivery) -> None:
        try:
            bring(delivery)
        finally:
            self._leases.let_go(delivery)

    def _done(self, work: Future[None]) -> None:
        with self._counting:
            self._busy -= 1
        if error := work.exception():
            logger.error("a delivery broke off; its lease brings it back", exc_info=error)


def _claim(
    priorities: Sequence[int],
    *,
    now: datetime,
    limit: int,
    lease_s: float = policies.LEASE_S,
    take_over: bool = True,
) -> list[Delivery]:
    claimed: list[Delivery] = []
    for priority in priorities:
        rows = Delivery.objects.filter(priority=priority)
        left = limit - len(claimed)
        if left:
            claimed += due.claim(rows, now=now, lease_s=lease_s, limit=left, take_over=take_over)
    return claimed


def bring(delivery: Delivery) -> None:
    """Do what a claimed delivery needs now, and give up the lease."""
    match delivery.state:
        case State.OWED:
            if not _looked_for(delivery):
                _try_once(delivery)
        case State.SENDING:
            give_up_lost_attempt(delivery, now=clock.now())
        case State.SENT | State.ANSWERED:
            _look_up(delivery)
        case _:
            _hang_up(delivery)
    release(delivery)


def _try_once(delivery: Delivery) -> None:
    begun = begin_attempt(delivery, now=clock.now())
    if begun is not None:
        _keep(begun.attempt, _send(begun.sender, begun.message))


def _keep(attempt: Attempt, result: Sent | SendError) -> None:
    """Write down what the provider said; a database that restarts meanwhile is waited for.

    What cannot be written down is an attempt without an outcome, and rings twice.
    """
    until = time.monotonic() + policies.RESULT_KEPT_FOR_S
    while True:
        try:
            finish_attempt(attempt, result, now=clock.now())
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(RETRY_S)
        else:
            return


def _send(sender: Sender, message: OutgoingText | OutgoingCall) -> Sent | SendError:
    try:
        return sender.send(message)
    except SendError as error:
        return error


def _looked_for(delivery: Delivery) -> bool:
    """Look for a routine message whose outcome is unknown; False when it may be sent.

    True when the provider has it, or could not be asked yet. An emergency does not wait for this.
    """
    attempt = delivery.attempts.filter(number=delivery.attempt_count).first()
    if delivery.priority == Priority.EMERGENCY or attempt is None:
        return False
    sender = routes.sender_named(attempt.sender)
    if attempt.state != AttemptState.UNKNOWN or sender is None:
        return False
    others = Attempt.objects.filter(delivery__address_index=phones.index(delivery.address))
    known = others.exclude(pk=attempt.pk).exclude(provider_id="")
    try:
        found = sender.find(
            message_of(attempt),
            since=attempt.started_at,
            known=set(known.values_list("provider_id", flat=True)),
        )
    except SendError:
        postpone(delivery, to=clock.now() + policies.LOOK_UP_AGAIN)
        return True
    note_found(attempt, found, now=clock.now())
    return found is not None


def _look_up(delivery: Delivery) -> None:
    """No word of a call for a while: ask how it stands."""
    now = clock.now()
    attempt = delivery.attempts.filter(number=delivery.attempt_count).first()
    sender = routes.sender_named(attempt.sender) if attempt else None
    if attempt is None or sender is None or now - attempt.started_at > policies.LOOKED_UP_FOR:
        postpone(delivery, to=None)
        return
    postpone(delivery, to=now + policies.LOOK_UP_AGAIN)
    if not attempt.provider_id:
        return
    try:
        found = sender.lookup(port.Channel(delivery.channel), attempt.provider_id)
    except SendError as error:
        logger.warning("a call could not be looked up: %s", error.code)
        return
    state = found.state if found else AttemptState.FAILED
    report_status(attempt, state, now=clock.now())


def _hang_up(delivery: Delivery) -> None:
    """Let what still rings for a delivery that is over ring no more."""
    ringing = delivery.attempts.filter(state__in=STILL_RINGING).exclude(provider_id="")
    again = False
    for attempt in ringing if delivery.channel == Channel.VOICE else []:
        sender = routes.sender_named(attempt.sender)
        try:
            if sender is not None:
                sender.stop(attempt.provider_id)
        except SendError as error:
            logger.warning("a ringing telephone could not be stopped: %s", error.code)
            again = True
    now = clock.now()
    over_for = now - (delivery.final_at or now)
    again_at = now + policies.HANG_UP_AGAIN if over_for < policies.HUNG_UP_FOR else None
    postpone(delivery, to=again_at if again else None)
