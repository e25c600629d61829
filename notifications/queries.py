"""Deliveries as they are due, and as their viewers may see them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.core import due
from backend.people import phones
from backend.people.models import Consent, Contact
from notifications.models import Attempt, Channel, Delivery, SenderHealth
from notifications.senders.port import DeadNumber

State = Delivery.State

SAME_WITHIN = timedelta(hours=24)
ANSWERED_WITHIN = timedelta(hours=12)
"""How long after a question a text can be the answer to it."""


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue delivery was due that nobody is working on; for /readyz."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return due.oldest_due_at(Delivery.objects.filter(free), now=now)


def deliveries_visible_to(actor: Actor, action: str = "list") -> QuerySet[Delivery]:
    """Deliveries within the actor's scope, the oldest first, with their attempts."""
    deliveries = Delivery.objects.prefetch_related(
        Prefetch("attempts", Attempt.objects.order_by("number"))
    ).order_by("created_at", "pk")
    match actor.scope("deliveries", action):
        case Scope.ALL:
            return deliveries
        case Scope.AREA if actor.area_path:
            return deliveries.filter(area_path__startswith=actor.area_path)
    return deliveries.none()


def same_before(delivery: Delivery) -> int:
    """How many texts that read the same went to this number within a day before this one."""
    if delivery.secret:
        return 0
    return (
        Delivery.objects.filter(
            address_index=phones.index(delivery.address),
            channel=Channel.SMS,
            template=delivery.template,
            context=delivery.context,
            created_at__gt=delivery.created_at - SAME_WITHIN,
            created_at__lt=delivery.created_at,
        )
        .exclude(attempt_count=0)
        .count()
    )


def is_still_theirs(delivery: Delivery) -> bool:
    """Whether a contact is still one and has this number; others are not looked up.

    Who is taken off the list is told to the outbox at once; a message that was owed at that very
    moment is found here.
    """
    kind, _, key = delivery.person.partition(":")
    if kind != "contact":
        return True
    return Contact.objects.filter(pk=key, phone_index=phones.index(delivery.address)).exists()


def is_still_shared(delivery: Delivery, item: str) -> bool:
    """Whether the resident still consents to a contact's being told; within a transaction.

    The consent is held until the attempt is written down: who takes it back at that moment is
    either first, and nothing is sent, or after it.
    """
    kind, _, key = delivery.person.partition(":")
    if not item or kind != "contact":
        return True
    in_force = Consent.objects.filter(resident__contacts=UUID(key), item=item, withdrawn_at=None)
    return in_force.select_for_update(of=("self",), no_key=True).first() is not None


def asked_of(address: str, *, now: datetime) -> Delivery | None:
    """The question that a text from this number most likely answers.

    The newest one that is open on either channel, else the newest at all: who writes late is
    told how it stands.
    """
    questions = Delivery.objects.filter(
        address_index=phones.index(address), asks=True, created_at__gt=now - ANSWERED_WITHIN
    ).exclude(failure__in=["no_route", DeadNumber.code])
    newest_first = questions.order_by("-created_at", "channel")
    return newest_first.filter(state__in=Delivery.OPEN).first() or newest_first.first()


def senders_down() -> list[SenderHealth]:
    """Senders that cannot be relied on now, for the desk."""
    return list(SenderHealth.objects.exclude(down_since=None).order_by("sender"))
