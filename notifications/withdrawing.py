"""Of a consent that was taken back: what contacts were still to be told under it is not said.

No attempt begins after the withdrawal anyhow (`actions.attempting`); here what rings is hung up.
"""

from datetime import datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.queries import consents_in_force
from notifications import templates
from notifications.actions import silence_family


def hear_of_withdrawal(event: JournalEvent, now: datetime) -> None:
    """End what is owed to contacts under the item, unless it was given again meanwhile."""
    if event.resident_id is None:
        return
    for item in set(event.data.get("fields", [])) - consents_in_force(event.resident_id):
        silence_family(event.resident_id, told=templates.told_under(item), now=now)


readers.register("notifications.withdrawing", "consent.withdrawn", handle=hear_of_withdrawal)
