"""Of a death in the journal: nothing is asked any more, and nothing is paid past its month."""

from datetime import datetime

from django.utils import timezone

from backend.core import readers
from backend.core.models import JournalEvent
from backend.people.models import Resident
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers.actions import decent_time, end_entitlement
from services.assistance.offers.record import note

BY = "system:death"
State, End = Entitlement.State, Entitlement.End


def hear_of_life_state(event: JournalEvent, now: datetime) -> None:
    """A resident's life state changed: end what the dead were paid, or give back a mistake."""
    resident = Resident.objects.filter(pk__in=[event.resident_id]).first()
    if resident is None:
        return
    if resident.life_state == Resident.LifeState.DIED:
        _end(resident, now=now)
    else:
        _give_back(resident, now=now)


def _end(resident: Resident, *, now: datetime) -> None:
    died_on = resident.life_state_since or timezone.localdate(now)
    for row in Entitlement.objects.filter(resident=resident, state__in=Entitlement.LIVE):
        end_entitlement(row, reason=End.DIED, on=died_on, by=BY, now=now)
    for offer in _offers(resident, BenefitOffer.State.OPEN):
        offer.state, offer.due_at = BenefitOffer.State.CLOSED, None
        offer.save(update_fields=["state", "due_at"])
        note(offer, "closed", by=BY, now=now)


def _give_back(resident: Resident, *, now: datetime) -> None:
    """A death that was entered by mistake is taken back: all stands as it stood."""
    ended = Entitlement.objects.filter(
        resident=resident, state=State.ENDED, end_reason=End.DIED
    ).select_related("area")
    for row in ended:
        checked = State.CHECKED if row.checked_by_id else State.PROPOSED
        row.state = State.IN_FORCE if row.confirmed_by_id else checked
        row.end_reason, row.ends_on, row.ended_at = "", None, None
        row.save(update_fields=["state", "end_reason", "ends_on", "ended_at"])
        note(row, "given_back", by=BY, now=now)
    for offer in _offers(resident, BenefitOffer.State.CLOSED):
        offer.state, offer.due_at = BenefitOffer.State.OPEN, decent_time(now)
        offer.save(update_fields=["state", "due_at"])
        note(offer, "offered", by=BY, now=now)


def _offers(resident: Resident, state: str) -> list[BenefitOffer]:
    rows = BenefitOffer.objects.select_for_update(of=("self",)).select_related("area")
    mode = BenefitOffer.Mode.NOTIFY
    return list(rows.filter(resident=resident, state=state).exclude(mode=mode).order_by("pk"))


readers.register("assistance.mourning", "resident.life_state", handle=hear_of_life_state)
