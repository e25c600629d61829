"""Data that are kept and used no more, but for the person's safety.

Nothing is shared any more and no rule looks at them; visits, reminders and calls for help go on
until the person ends them, for those are care and not judgement.

Source: Personal Information Protection Law, article 47, last sentence.
"""

from datetime import datetime

from backend.people.actions import withdraw_consent
from backend.people.models import Resident
from backend.people.record import CHANGE, note_about_resident
from services.assistance.models import Screening
from services.community.doers import Doer


def freeze(resident: Resident, *, by: Doer, now: datetime) -> None:
    """From now on only stored. Again changes nothing."""
    held = _locked(resident)
    if held.frozen_since is not None:
        return
    for consent in held.consents.filter(withdrawn_at=None).order_by("pk"):
        withdraw_consent(consent, by=by.reference, now=now)
    Screening.objects.filter(resident=held).delete()
    _set(held, now, "resident.frozen", by=by, now=now)


def thaw(resident: Resident, *, by: Doer, now: datetime) -> None:
    """Used again; what is shared with whom they say anew. Again changes nothing."""
    held = _locked(resident)
    if held.frozen_since is not None:
        _set(held, None, "resident.thawed", by=by, now=now)


def _locked(resident: Resident) -> Resident:
    residents = Resident.objects.select_related("area").select_for_update(of=("self",))
    return residents.get(pk=resident.pk)


def _set(
    resident: Resident, since: datetime | None, event: str, *, by: Doer, now: datetime
) -> None:
    resident.frozen_since = since
    resident.save(update_fields=["frozen_since"])
    note_about_resident(resident, event, CHANGE, fields=["frozen_since"], by=by.reference, now=now)
