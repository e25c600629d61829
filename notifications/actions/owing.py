"""Owing a message, and ending what is not needed any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from backend.core import hints, journal
from notifications import policies, routes
from notifications.models import Channel, Delivery
from notifications.record import event_of, record

State = Delivery.State


@dataclass(frozen=True)
class Recipient:
    """Somebody to be reached: who, under which number ("" for none), in which language."""

    reference: str
    name: str
    address: str
    language: str
    dialect: str = "mandarin"


@dataclass(frozen=True)
class Message:
    """What is owed to whom, and how; the fields of `owe`."""

    cause: str
    step_run: str
    to: Recipient
    channel: Channel
    template: str
    context: dict[str, str]
    asks: bool
    priority: int
    area_path: str = ""
    resident_id: UUID | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    secret: str = ""
    dials: int = policies.MAX_DIALS

    def owed(self, *, now: datetime) -> Delivery:
        """The delivery, not saved; failed already where no sender reaches the person."""
        due_at = self.due_at or now
        delivery = Delivery(
            cause=self.cause,
            step_run=self.step_run,
            person=self.to.reference,
            person_name=self.to.name[:60],
            channel=self.channel,
            address=self.to.address,
            language=self.to.language,
            dialect=self.to.dialect,
            template=self.template,
            context=self.context,
            secret=self.secret,
            area_path=self.area_path,
            resident_id=self.resident_id,
            asks=self.asks,
            priority=self.priority,
            created_at=now,
            due_at=due_at,
            expires_at=self.expires_at or due_at + policies.TRIED_FOR[self.priority],
            dials=self.dials,
        )
        if not routes.has_route(self.to.address, self.channel):
            delivery.state, delivery.failure = State.FAILED, "no_route"
            delivery.due_at, delivery.final_at = None, now
        return delivery


def owe(
    *,
    cause: str,
    step_run: str,
    to: Recipient,
    channel: Channel,
    template: str,
    context: dict[str, str],
    asks: bool,
    priority: int,
    now: datetime,
    area_path: str = "",
    resident_id: UUID | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    secret: str = "",
    dials: int = policies.MAX_DIALS,
) -> Delivery | None:
    """Write down a message that is owed, in the transaction of its cause; None if it already is.

    A person whom no sender reaches on this channel gets a delivery that has failed, so that the
    desk sees it. `secret` stands in the template like the context, is kept encrypted, and is
    emptied once it was sent. `dials`: how often a telephone that nobody answers is rung.
    """
    message = Message(
        cause=cause,
        step_run=step_run,
        to=to,
        channel=channel,
        template=template,
        context=context,
        asks=asks,
        priority=priority,
        area_path=area_path,
        resident_id=resident_id,
        due_at=due_at,
        expires_at=expires_at,
        secret=secret,
        dials=dials,
    )
    return next(iter(owe_all([message], now=now)), None)


@transaction.atomic(savepoint=False)
def owe_all(messages: Sequence[Message], *, now: datetime) -> list[Delivery]:
    """Write down many messages at once; returns those that were not owed already."""
    made = [message.owed(now=now) for message in messages]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    keys = [delivery.pk for delivery in made]
    kept = set(Delivery.objects.filter(pk__in=keys).values_list("pk", flat=True))
    new = [delivery for delivery in made if delivery.pk in kept]
    journal.append_all(
        [
            event_of(delivery, "failed", now=now, failure=delivery.failure)
            for delivery in new
            if delivery.final_at is not None
        ]
    )
    if any(delivery.due_at for delivery in new):
        hints.give(hints.DUE)
    return new


@transaction.atomic(savepoint=False)
def stop(
    *,
    cause: str,
    now: datetime,
    only_asking: bool = True,
    except_person: str = "",
    person_prefix: str = "",
) -> int:
    """End what is still owed about a cause; returns how many deliveries.

    A telephone that rings is hung up by the engine; who has answered already hears out what is
    said, and is told when they press a key.
    """
    open_ones = Delivery.objects.filter(
        cause=cause,
        state__in=Delivery.OPEN,
        final_at=None,
        person__startswith=person_prefix,
    )
    if only_asking:
        open_ones = open_ones.filter(asks=True)
    if except_person:
        open_ones = open_ones.exclude(person=except_person)
    return stop_all(open_ones, now=now)


def stop_all(open_ones: QuerySet[Delivery], *, now: datetime) -> int:
    """End these deliveries; within a transaction."""
    stopped = 0
    for delivery in open_ones.order_by("pk").select_for_update():
        if delivery.channel == Channel.SMS and delivery.state == State.SENT:
            # It was sent and is not sent again; a reply to it may still come.
            Delivery.objects.filter(pk=delivery.pk).update(final_at=now)
            continue
        close(delivery, State.STOPPED, now=now)
        record(delivery, "stopped", now=now)
        stopped += 1
    if stopped:
        hints.give(hints.DUE)
    return stopped


def close(delivery: Delivery, state: Delivery.State, *, now: datetime, failure: str = "") -> None:
    """End a delivery that the caller has locked; a ring that goes on is due to be hung up."""
    may_ring = delivery.channel == Channel.VOICE and state in {State.STOPPED, State.REPLIED}
    delivery.state = state
    delivery.failure = failure
    delivery.final_at = now
    delivery.due_at = now if may_ring and delivery.attempt_count else None
    delivery.secret = ""
    delivery.save(update_fields=["state", "failure", "final_at", "due_at", "secret"])


def end(delivery: Delivery, state: Delivery.State, failure: str, *, now: datetime) -> None:
    """Close a locked delivery that was not brought, and say so."""
    close(delivery, state, now=now, failure=failure)
    record(delivery, state.value, now=now, failure=failure)
