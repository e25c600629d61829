"""Of a death in the journal: messages about that person fall silent."""

from datetime import datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Resident
from notifications.actions import silence_about


def hear_of_life_state(event: JournalEvent, now: datetime) -> None:
    """A resident's life state changed; what is owed about the dead is not said any more."""
    if event.resident_id is None:
        return
    died = Resident.objects.filter(pk=event.resident_id, life_state=Resident.LifeState.DIED)
    if died.exists():
        silence_about(event.resident_id, now=now)


readers.register("notifications.mourning", "resident.life_state", handle=hear_of_life_state)
