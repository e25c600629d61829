"""Owing a message, and ending what is not needed any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from backend.core import hints
from backend.people import phones
from notifications import policies, routes
from notifications.models import Channel, Delivery
from notifications.record import record

State = Delivery.State


@dataclass(frozen=True)
class Recipient:
    """Somebody to be reached: who, under which number ("" for none), in which language."""

    reference: str
    name: str
    address: str
    language: str
    dialect: str = "mandarin"


@transaction.atomic
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
) -> Delivery | None:
    """Write down a message that is owed, in the transaction of its cause; None if it already is.

    A person whom no sender reaches on this channel gets a delivery that has failed, so that the
    desk sees it. `secret` stands in the template like the context, is kept encrypted, and is
    emptied once it was sent.
    """
    delivery = Delivery(
        cause=cause,
        step_run=step_run,
        person=to.reference,
        person_name=to.name[:60],
        channel=channel,
        address=to.address,
        address_index=phones.index(to.address),
        language=to.language,
        dialect=to.dialect,
        template=template,
        context=context,
        secret=secret,
        area_path=area_path,
        resident_id=resident_id,
        asks=asks,
        priority=priority,
        created_at=now,
        due_at=due_at or now,
        expires_at=expires_at or (due_at or now) + policies.TRIED_FOR[priority],
    )
    reachable = routes.has_route(to.address, channel)
    if not reachable:
        delivery.state, delivery.failure = State.FAILED, "no_route"
        delivery.due_at, delivery.final_at = None, now
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    if not Delivery.objects.filter(pk=delivery.pk).exists():
        return None
    if not reachable:
        record(delivery, "failed", now=now, failure="no_route")
    else:
        hints.give(hints.DUE)
    return delivery


@transaction.atomic
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
