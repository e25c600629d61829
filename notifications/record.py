"""Writing what became of a delivery into the journal, under what it is about."""

from datetime import datetime

from backend.core import journal
from backend.core.models import JournalEvent
from notifications.models import Delivery


def record(delivery: Delivery, event: str, *, now: datetime, by: str = "", **more: str) -> None:
    """Append one `delivery.*` event to the history of the delivery's cause."""
    journal.append_all([event_of(delivery, event, now=now, by=by, **more)])


def event_of(
    delivery: Delivery, event: str, *, now: datetime, by: str = "", **more: str
) -> JournalEvent:
    """The same, not saved."""
    return JournalEvent(
        subject=delivery.cause,
        type=f"delivery.{event}",
        at=now,
        by=by,
        area_path=delivery.area_path,
        resident_id=delivery.resident_id,
        data={
            "delivery": str(delivery.pk),
            "person": delivery.person,
            "person_name": delivery.person_name,
            "channel": delivery.channel,
            "template": delivery.template,
            **more,
        },
    )


def record_about_sender(
    sender: str, event: str, delivery: Delivery, *, now: datetime, **more: str
) -> None:
    """Append one `provider.*` event, for those who see the delivery that it was noticed by."""
    journal.append(
        f"sender:{sender}",
        f"provider.{event}",
        at=now,
        area_path=delivery.area_path,
        data={"sender": sender, **more},
    )
