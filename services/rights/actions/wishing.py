"""What somebody wishes for their data after their death."""

from datetime import datetime

from django.db import transaction

from backend.core.errors import Invalid
from backend.people.models import Resident
from backend.people.record import CHANGE, note_about_resident
from services.community.doers import Doer


@transaction.atomic
def wish_after_death(resident: Resident, *, wish: str, by: Doer, now: datetime) -> Resident:
    """Say what close kin may ask about one's data later. The same again changes nothing.

    Source: Personal Information Protection Law, article 49: "unless decided otherwise".

    Raises:
        Invalid: an unknown wish.
    """
    if wish not in Resident.AfterDeath.values:
        raise Invalid(fields={"wish": ["unknown"]})
    held = Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    if held.after_death != wish:
        held.after_death = wish
        held.save(update_fields=["after_death"])
        note_about_resident(
            held,
            "resident.after_death",
            CHANGE,
            fields=["after_death"],
            by=by.reference,
            now=now,
        )
    return held
