"""Of a death in the journal: what still waited to be looked after is closed.

A call for help that still runs is ended by people, and an alert that belongs to one stays.
"""

from datetime import datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Resident
from services.alerts.actions import resolve_alert
from services.alerts.models import Alert

BY = "system:death"


def hear_of_life_state(event: JournalEvent, now: datetime) -> None:
    """A resident's life state changed; the alerts about the dead are closed."""
    if event.resident_id is None:
        return
    died = Resident.objects.filter(pk=event.resident_id, life_state=Resident.LifeState.DIED)
    if not died.exists():
        return
    about_them = Alert.objects.filter(
        resident=event.resident_id, state__in=Alert.OPEN, call_id=None
    )
    for alert in about_them.select_related("area"):
        resolve_alert(alert, by=BY, now=now)


readers.register("alerts.mourning", "resident.life_state", handle=hear_of_life_state)
