"""Telling the applicant of each change, the way they chose; no benefit and no sum is named."""

from datetime import datetime
from typing import Any

from backend.people.models import Consent, Resident
from backend.people.queries import consents_in_force
from notifications.actions import Recipient, owe_as_preferred
from notifications.recipients import contact_recipient, resident_recipient
from services.assistance.models import AssistanceCase


def tell_applicant(
    case: AssistanceCase, template: str, *, run: str, now: datetime, **context: Any
) -> None:
    """Owe a message to the resident, and to the contact who applied if that is consented to.

    After a death nobody is told: an officer speaks with the family.
    """
    for to in _recipients(case):
        owe_as_preferred(
            cause=case.reference,
            step_run=run,
            to=to,
            template=template,
            context={"number": case.number, **{k: str(v) for k, v in context.items()}},
            now=now,
            area_path=case.area.path,
            resident_id=case.resident_id,
        )


def _recipients(case: AssistanceCase) -> list[Recipient]:
    if case.resident.life_state == Resident.LifeState.DIED:
        return []
    reached = [resident_recipient(case.resident)]
    contact = case.applied_by_contact
    if contact and Consent.Item.ASSISTANCE in consents_in_force(case.resident_id):
        reached.append(contact_recipient(contact))
    return [each for each in reached if each.address]
