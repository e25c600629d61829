"""Writing a call's history into the journal, for those who may see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core import journal
from backend.core.models import JournalEvent
from services.emergencies.models import EmergencyCall


def record(
    call: EmergencyCall,
    event: str,
    *,
    now: datetime,
    by: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Append one event: to the area's desk, the resident's people, and everybody offered it."""
    record_all(call, [(event, data or {})], now=now, by=by)


def record_all(
    call: EmergencyCall,
    events: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    now: datetime,
    by: str = "",
) -> None:
    """Append several events, each a type with its data, in this order."""
    audience = list(call.offers.values_list("person", flat=True))
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
