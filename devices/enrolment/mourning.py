"""Of a death in the journal: those who go to homes are told, the family is not."""

from datetime import datetime

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Caregiver, Resident
from backend.people.names import short_name
from backend.places.queries import paths_above
from notifications.actions import owe
from notifications.models import Channel, Delivery
from notifications.recipients import caregiver_recipient

TOLD = (Caregiver.Kind.GRID_WORKER, Caregiver.Kind.DUTY_LEAD)


def hear_of_life_state(event: JournalEvent, now: datetime) -> None:
    """Tell the grid worker and the duty lead of the area, once per death."""
    if event.resident_id is None:
        return
    died = Resident.objects.filter(pk=event.resident_id, life_state=Resident.LifeState.DIED)
    resident = died.select_related("area").first()
    if resident is None:
        return
    staff = Caregiver.objects.filter(
        active=True, kind__in=TOLD, area__path__in=paths_above(resident.area.path)
    )
    for caregiver in staff.order_by("pk"):
        owe(
            cause=f"death:{resident.pk}",
            step_run=str(resident.life_state_since),
            to=caregiver_recipient(caregiver),
            channel=Channel.SMS,
            template="death_for_staff",
            context={
                "who": short_name(resident, caregiver.language),
                "area": resident.area.name,
            },
            asks=False,
            priority=Delivery.Priority.URGENT,
            now=now,
            area_path=resident.area.path,
        )


readers.register("enrolment.mourning", "resident.life_state", handle=hear_of_life_state)
