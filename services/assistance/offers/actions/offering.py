"""An offer is made once, asked a few times at decent hours, and then given to staff."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from backend.core import due
from backend.people.models import Resident
from services.assistance.models import BenefitOffer
from services.assistance.offers.actions.entitling import propose_entitlement
from services.assistance.offers.actions.following import give_to_staff
from services.assistance.offers.errors import NotOfferable, NotOpen
from services.assistance.offers.queries import standing_offers
from services.assistance.offers.record import note
from services.assistance.offers.telling import ask, tell
from services.assistance.policy.answers import Answer
from services.assistance.policy.judging import judge_resident, keep_ruling

Mode, State, Via = BenefitOffer.Mode, BenefitOffer.State, BenefitOffer.Via

ASKED_AT_MOST = 3
ASKED_APART = timedelta(days=2)
"""Our choice: three times within a week, then a person speaks with them."""
FROM, UNTIL = time(9), time(18)
"""Our choice: nobody is rung about money in the night."""
SYSTEM = "system"


@transaction.atomic
def make_offer(resident: Resident, benefit: str, *, now: datetime) -> BenefitOffer | None:
    """Offer a benefit, or tell of it, to a resident who meets its conditions; None if it was.

    What it gave and has ended may be offered anew.

    What is only told creates nothing to be paid, whatever anybody answers.

    Raises:
        NotOfferable: the conditions are not met, or nobody knows the amount.
        NoRule: no rule is in force.
    """
    judged = judge_resident(resident, benefit, day=timezone.localdate(now))
    mode = Mode(judged.mode)
    is_told = mode is Mode.NOTIFY and judged.judgement.answer is Answer.YES
    if not (is_told or judged.is_payable):
        raise NotOfferable
    offer = BenefitOffer(
        resident=resident,
        area=resident.area,
        benefit=benefit,
        mode=mode,
        state=State.TOLD if is_told else State.OPEN,
        amount_fen=None if is_told else judged.judgement.amount_fen,
        offered_at=now,
        due_at=None if is_told else decent_time(now),
    )
    Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    if standing_offers(now=now).filter(resident=resident, benefit=benefit).exists():
        return None
    offer.ruling = keep_ruling(resident, judged, now=now)
    offer.save()
    note(offer, "told" if is_told else "offered", by=SYSTEM, now=now)
    if is_told:
        _tell(offer, now=now)
    elif mode is Mode.AUTO:
        _grant_by_law(offer, now=now)
    return offer


def _tell(offer: BenefitOffer, *, now: datetime) -> None:
    """Tell them that they may apply; who cannot be reached hears it from staff."""
    if not tell(offer, "benefit_told", run="told", now=now):
        give_to_staff(offer, now=now)
        offer.save(update_fields=["to_follow_since"])


def _grant_by_law(offer: BenefitOffer, *, now: datetime) -> None:
    """Where the law allows it nobody is asked; two officers still look before money."""
    offer.state, offer.due_at = State.ACCEPTED, None
    offer.answered_at, offer.answered_by, offer.answered_via = now, SYSTEM, Via.LAW
    offer.save()
    propose_entitlement(offer, entered_by=None, now=now)
    tell(offer, "benefit_auto", run="auto", now=now)


def decent_time(now: datetime) -> datetime:
    """The moment itself within the day, else the next morning."""
    local = timezone.localtime(now)
    if FROM <= local.time() < UNTIL:
        return now
    day = local.date() + timedelta(days=local.time() >= UNTIL)
    return datetime.combine(day, FROM, timezone.get_current_timezone())


@transaction.atomic
def ask_again(claimed: BenefitOffer, *, now: datetime) -> None:
    """Ask once more, or give an offer that nobody answers to staff; for a claimed row."""
    offer = (
        BenefitOffer.objects.select_for_update(of=("self",))
        .select_related("resident", "area")
        .filter(pk=claimed.pk, state=State.OPEN, lease_token=claimed.lease_token)
        .first()
    )
    if offer is None:
        return
    times = offer.asked_times
    reached = times < ASKED_AT_MOST and ask(offer, run=f"ask.{times + 1}", now=now)
    if reached:
        due.finish(offer, due_at=decent_time(now + ASKED_APART), asked_times=times + 1)
        note(offer, "asked", by=SYSTEM, now=now)
        return
    give_to_staff(offer, now=now)
    waits = {"to_follow_since": offer.to_follow_since, "followed_at": offer.followed_at}
    due.finish(offer, due_at=None, **waits)
    note(offer, "unanswered", by=SYSTEM, now=now)


@transaction.atomic
def ask_now(offer: BenefitOffer, *, by: str, now: datetime) -> bool:
    """Staff let it be asked at once; whether anybody can be reached.

    Raises:
        NotOpen: it was answered, or was only told.
    """
    offer = (
        BenefitOffer.objects.select_for_update(of=("self",))
        .select_related("resident", "area")
        .get(pk=offer.pk)
    )
    if offer.state != State.OPEN:
        raise NotOpen
    if not ask(offer, run=f"ask.{offer.asked_times + 1}", now=now):
        return False
    offer.asked_times += 1
    offer.due_at = decent_time(now + ASKED_APART)
    offer.lease_until = offer.lease_token = None
    offer.save()
    note(offer, "asked", by=by, now=now)
    return True
