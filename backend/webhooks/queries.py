"""Reads of webhooks."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from backend.accounts.actors import Actor
from backend.accounts.queries import areas_condition
from backend.core import due
from backend.core.errors import NotFound
from backend.places.models import Area
from backend.webhooks.models import Notice, Webhook


def webhooks_visible_to(actor: Actor, action: str = "read") -> QuerySet[Webhook]:
    """The systems told of the actor's area, by label."""
    reached = areas_condition(actor, actor.scope("webhooks", action))
    return Webhook.objects.filter(reached).select_related("area").order_by("label", "pk")


def webhook_for(actor: Actor, webhook_id: UUID, action: str) -> Webhook:
    """One of them.

    Raises:
        NotFound: there is none in the actor's area.
    """
    found = webhooks_visible_to(actor, action).filter(pk=webhook_id).first()
    if found is None:
        raise NotFound
    return found


def area_of(actor: Actor) -> Area:
    """The area whose events the actor may have told.

    Raises:
        NotFound: the account has none.
    """
    found = Area.objects.filter(pk=actor.area_id).first() if actor.area_id else None
    if found is None:
        raise NotFound
    return found


def oldest_due_at(now: datetime) -> datetime | None:
    """When the most overdue notice was due."""
    return due.oldest_due_at(Notice.objects.filter(webhook__active=True), now=now)
