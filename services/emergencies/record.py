"""Writing a call's history into the journal, for those who may see it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core import journal
from backend.core.models import JournalEvent
from services.emergencies.models import EmergencyCall


def offered_to(call: EmergencyCall) -> set[str]:
    """Who was offered a call, by reference."""
    return set(call.offers.values_list("person", flat=True))


def record(
    call: EmergencyCall,
    event: str,
    *,
    now: datetime,
    by: str = "",
    data: dict[str, Any] | None = None,
    offered: Collection[str] | None = None,
) -> None:
    """Append one event: to the area's desk, the resident's people, and everybody offered it."""
    record_all(call, [(event, data or {})], now=now, by=by, offered=offered)


def record_all(
    call: EmergencyCall,
    events: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    now: datetime,
    by: str = "",
    offered: Collection[str] | None = None,
) -> None:
    """Append several events, each a type with its data, in this order.

    `offered`: who was offered the call, where the caller has looked already.
    """
    audience = sorted(offered_to(call) if offered is None else offered)
    journal.append_all(
        [
            JournalEvent(
                subject=call.reference,
                type=event,
                at=now,
                by=by,
                area_path=call.area_path,
                resident_id=call.resident_id,
                audience=audience,
                data={"state": call.state, **data},
            )
            for event, data in events
        ]
    )


# Somebody calls for help: that waits for no other event on its way to the screens.
journal.push_at_once("call.opened", "call.pressed_again")
