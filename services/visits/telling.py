"""What people are told about visits: the resident who comes, the family by consent."""

from datetime import datetime, timedelta

from django.utils import timezone, translation

from backend.accounts.models import User
from backend.people.models import Caregiver, Consent
from backend.people.names import short_name
from backend.people.queries import consents_in_force
from notifications import preferences
from notifications.actions import owe, owe_as_preferred
from notifications.models import Channel, Delivery
from notifications.recipients import contact_recipient, resident_recipient
from services.visits.models import Visit
from services.visits.words import joined

TOLD_FOR = timedelta(hours=2)
"""Later it is no news any more."""


def tell_family(visit: Visit, *, arrived: bool, by: Caregiver, now: datetime) -> None:
    """Text those of the family who have an account that somebody came, or left.

    Only while the resident's consent to showing visits is in force.
    """
    if visit.drill or Consent.Item.VISITS not in consents_in_force(visit.resident_id):
        return
    with_account = User.objects.filter(
        contacts__resident=visit.resident_id, is_active=True
    ).values_list("contacts", flat=True)
    for contact in visit.resident.contacts.filter(pk__in=with_account):
        to = contact_recipient(contact)
        chosen = preferences.preference_of(to.reference)
        owe(
            cause=visit.reference,
            step_run="arrived" if arrived else "left",
            to=to,
            channel=Channel.SMS,
            template="visit_family_arrived" if arrived else "visit_family_left",
            context={
                "who": short_name(visit.resident, to.language),
                "carer": by.name,
                "time": f"{timezone.localtime(now):%H:%M}",
            },
            asks=False,
            priority=Delivery.Priority.ROUTINE,
            now=now,
            area_path=visit.area.path,
            resident_id=visit.resident_id,
            due_at=preferences.after_quiet_hours(chosen, now),
            expires_at=now + TOLD_FOR,
        )


def tell_who_comes(visit: Visit, *, names: list[str], step_run: str, now: datetime) -> None:
    """Tell the resident that somebody else comes than was said, the way they chose."""
    if visit.drill or not names:
        return
    to = resident_recipient(visit.resident)
    with translation.override(to.language):
        carer = joined(names)
    owe_as_preferred(
        cause=visit.reference,
        step_run=step_run,
        to=to,
        template="visit_who_comes",
        context={
            "carer": carer,
            "time": f"{timezone.localtime(visit.shown_at):%H:%M}",
        },
        now=now,
        area_path=visit.area.path,
        resident_id=visit.resident_id,
        expires_at=visit.window_ends_at,
    )
