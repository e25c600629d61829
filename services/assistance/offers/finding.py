"""Who is to be offered or told something: by what the screening says, and what is due."""

from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef

from backend.core import due
from backend.core.contained import contained
from services.assistance.models import BenefitOffer, Screening
from services.assistance.models.offers import OFFERED
from services.assistance.offers.actions import ask_again, decent_time, make_offer
from services.assistance.offers.errors import NotOfferable
from services.assistance.offers.queries import standing_offers
from services.assistance.policy.actions import screen_again
from services.assistance.policy.answers import Answer
from services.assistance.policy.screening import GONE

LEASE_S = 60.0
PORTION = 100


def offer_to_found(*, now: datetime, limit: int = PORTION) -> int:
    """Offer to residents whom the screening found and who were not asked; returns how many.

    At decent hours only, for what is only told is told at once. What is due to be screened anew
    is not offered on old news; who cannot be offered it after all is screened anew, so that
    nobody waits behind them.
    """
    if decent_time(now) != now:
        return 0
    asked = standing_offers(now=now).filter(
        resident=OuterRef("resident"), benefit=OuterRef("benefit")
    )
    found = (
        Screening.objects.filter(~Exists(asked), answer=Answer.YES, screened_at__isnull=False)
        .exclude(resident__life_state__in=GONE)
        .exclude(benefit__in=OFFERED, amount_fen=None)
        .exclude(due_at__lte=now)
        .select_related("resident__area")
        .order_by("screened_at", "pk")[:limit]
    )
    made = 0
    for row in found:
        if contained(f"offer {row.pk}", partial(_offer, row, now)):
            made += 1
        else:
            screen_again(row.resident_id, now=now)
    return made


def _offer(row: Screening, now: datetime) -> None:
    try:
        make_offer(row.resident, row.benefit, now=now)
    except NotOfferable:
        screen_again(row.resident_id, now=now)


def ask_due(*, now: datetime, limit: int = PORTION) -> int:
    """Ask what is due to be asked; returns how many offers were."""
    rows = due.claim(
        BenefitOffer.objects.filter(state=BenefitOffer.State.OPEN),
        now=now,
        lease_s=LEASE_S,
        limit=limit,
    )
    for row in rows:
        contained(f"offer {row.pk}", partial(ask_again, row, now=now))
    return len(rows)
