"""Writing a call's history into the journal, for those who may see it."""

from datetime import datetime
from typing import Any

from backend.core import journal
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
    journal.append(
        call.reference,
        event,
        at=now,
        by=by,
        area_path=call.area_path,
        resident_id=call.resident_id,
        audience=list(call.offers.values_list("person", flat=True)),
        data={"state": call.state, **(data or {})},
    )
