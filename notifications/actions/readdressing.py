"""A number that is not somebody's any more is not rung; what is owed goes to the new one."""

from datetime import datetime

from django.db import transaction

from backend.people import phones
from backend.people.numbers import NumberChange
from notifications.actions.owing import Recipient, owe, stop_all
from notifications.models import Channel, Delivery


@transaction.atomic
def readdress(change: NumberChange, now: datetime) -> None:
    """Stop what is open for the old number, also if it rings, and owe it to the new one."""
    open_ones = Delivery.objects.filter(
        address_index=phones.index(change.before),
        person=change.person,
        state__in=Delivery.OPEN,
        final_at=None,
    )
    owed = list(open_ones.order_by("pk"))
    stop_all(open_ones, now=now)
    for delivery in owed if change.after else []:
        _owe_again(delivery, change.after, now)


def _owe_again(delivery: Delivery, address: str, now: datetime) -> None:
    owe(
        cause=delivery.cause,
        step_run=f"{delivery.step_run[:60]}@{int(now.timestamp())}",
        to=Recipient(
            delivery.person,
            delivery.person_name,
            address,
            delivery.language,
            delivery.dialect,
        ),
        channel=Channel(delivery.channel),
        template=delivery.template,
        context=delivery.context,
        secret=delivery.secret,
        asks=delivery.asks,
        dials=delivery.dials,
        priority=delivery.priority,
        area_path=delivery.area_path,
        resident_id=delivery.resident_id,
        expires_at=delivery.expires_at,
        now=now,
    )
