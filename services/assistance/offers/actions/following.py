"""An offer that staff are to speak about, and what came of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.people.models import Resident
from services.assistance.models import BenefitOffer
from services.assistance.offers.errors import ReasonNeeded
from services.assistance.offers.record import note


def give_to_staff(offer: BenefitOffer, *, now: datetime) -> None:
    """Let a locked offer wait for staff; the caller saves it.

    What somebody has followed up before waits anew: else nobody would see that it came back.
    """
    if offer.to_follow_since is None or offer.followed_at is not None:
        offer.to_follow_since, offer.followed_at = now, None


@transaction.atomic
def follow_up(offer: BenefitOffer, *, text: str, by: UUID, now: datetime) -> BenefitOffer:
    """An officer has spoken with them, and writes what came of it.

    Raises:
        ReasonNeeded: nothing is written.
    """
    if not text.strip():
        raise ReasonNeeded
    offer = locked_offer(offer)
    offer.followed_at, offer.followed_by_id, offer.followed_note = now, by, text.strip()
    offer.save(update_fields=["followed_at", "followed_by", "followed_note"])
    note(offer, "followed", by=f"user:{by}", now=now)
    return offer


def locked_offer(offer: BenefitOffer) -> BenefitOffer:
    """The offer as it stands now, after its resident, as everything about one locks."""
    Resident.objects.select_for_update(of=("self",)).get(pk=offer.resident_id)
    return (
        BenefitOffer.objects.select_for_update(of=("self",))
        .select_related("resident__area", "area")
        .get(pk=offer.pk)
    )
