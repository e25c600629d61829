"""A key or a text back: stored in one transaction with what it means."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from notifications.actions.attempting import move
from notifications.actions.owing import close, stop_all
from notifications.actions.settling import settle
from notifications.models import Attempt, Delivery
from notifications.record import record
from notifications.replies import Spoken, meaning_of
from notifications.senders.states import AttemptState

KEYS_KEPT = 20


@transaction.atomic
def reply_by_key(attempt: Attempt, key: str, *, now: datetime, provider_id: str = "") -> Spoken:
    """Take a key pressed in a call and say what is answered.

    A call ends with its answer, so whatever key comes in it after that was sent twice or played
    again: it is answered the same and changes nothing. Who changes their mind says so in the next
    call. Locks are taken in the order attempt, what the reply is about, deliveries: two people who
    press at the same moment wait for each other's call and never for each other's delivery.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.answer:
        return Spoken(locked.answer["template"], locked.answer["context"])
    spoken = _mean(Delivery.objects.get(pk=locked.delivery_id), key, now)
    locked.keys = (locked.keys + key)[-KEYS_KEPT:]
    if not spoken.ask_again:
        locked.answer = {"template": spoken.template, "context": dict(spoken.context)}
    move(locked, AttemptState.ANSWERED, now=now, provider_id=provider_id)
    settle(_locked(locked.delivery_id), locked, now=now)
    return spoken


@transaction.atomic
def reply_by_text(delivery: Delivery, key: str, *, now: datetime) -> Spoken:
    """Take a text as the answer to a question and say what is answered."""
    return _mean(delivery, key, now)


def _mean(delivery: Delivery, key: str, now: datetime) -> Spoken:
    spoken = meaning_of(delivery)(delivery, key, now)
    if not spoken.ask_again:
        _store(_locked(delivery.pk), key, now)
    return spoken


def _store(replied: Delivery, key: str, now: datetime) -> None:
    """Keep the reply; whoever has replied is not asked the same on another channel."""
    same_question = Q(
        cause=replied.cause,
        person=replied.person,
        asks=True,
        state__in=Delivery.OPEN,
        final_at=None,
    )
    rows = Delivery.objects.filter(same_question | Q(pk=replied.pk))
    locked = {row.pk: row for row in rows.order_by("pk").select_for_update()}
    delivery = locked.pop(replied.pk)
    again = delivery.reply == key
    delivery.reply = key
    delivery.reply_at = delivery.reply_at if again else now
    delivery.save(update_fields=["reply", "reply_at"])
    close(delivery, Delivery.State.REPLIED, now=now)
    if not again:
        record(delivery, "replied", now=now, by=delivery.person, reply=key)
    stop_all(Delivery.objects.filter(pk__in=locked), now=now)


def _locked(delivery_id: UUID) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery_id)
