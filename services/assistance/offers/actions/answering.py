"""The answer to an offer: by a key, a text, in the app, or through staff; idempotent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.people.models import Contact
from backend.people.queries import is_guardian_of
from notifications.actions import stop
from services.assistance.models import BenefitOffer
from services.assistance.offers.actions.entitling import propose_entitlement
from services.assistance.offers.actions.following import give_to_staff, locked_offer
from services.assistance.offers.errors import (
    AnsweredAlready,
    NothingToAnswer,
    NotYours,
)
from services.assistance.offers.record import note
from services.assistance.policy.errors import NoRule
from services.assistance.policy.judging import judge_resident, keep_ruling

State, Via = BenefitOffer.State, BenefitOffer.Via


@dataclass(frozen=True)
class Answerer:
    """Who answers: the person, their guardian, or an officer who writes down what they said."""

    reference: str
    via: str
    officer: UUID | None = None


@transaction.atomic
def answer_offer(offer: BenefitOffer, *, takes: bool, by: Answerer, now: datetime) -> BenefitOffer:
    """Take or decline an offer; the same answer again changes nothing.

    Taken, it becomes an entitlement that two officers look at before money. Who declined may
    take it later. Whether the conditions are still met is judged anew, and kept.

    Raises:
        NotYours: neither the person, nor their guardian, nor an officer.
        NothingToAnswer: it was only told and needs an application.
        AnsweredAlready: it was taken, and is declined now.
    """
    offer = locked_offer(offer)
    require_may_answer(offer, by, now=now)
    wanted = State.ACCEPTED if takes else State.DECLINED
    if offer.state == wanted:
        return offer
    if offer.state == State.ACCEPTED:
        raise AnsweredAlready
    if offer.state not in {State.OPEN, State.DECLINED}:
        raise NothingToAnswer
    if takes and not _still_payable(offer, now=now):
        return _to_staff(offer, by=by, now=now)
    offer.state, offer.due_at = wanted, None
    offer.lease_until = offer.lease_token = None
    offer.answered_at, offer.answered_by, offer.answered_via = now, by.reference, by.via
    offer.to_follow_since = None if takes else offer.to_follow_since or now
    offer.save()
    note(offer, "accepted" if takes else "declined", by=by.reference, now=now)
    stop(cause=offer.reference, now=now, except_person=by.reference)
    if takes:
        propose_entitlement(offer, entered_by=by.officer, now=now)
    return offer


def _still_payable(offer: BenefitOffer, *, now: datetime) -> bool:
    """Judge once more at the answer, and let the offer stand on that."""
    try:
        judged = judge_resident(offer.resident, offer.benefit, day=timezone.localdate(now))
    except NoRule:
        return False
    offer.ruling = keep_ruling(offer.resident, judged, now=now)
    if judged.is_payable:
        offer.amount_fen = judged.judgement.amount_fen
    return judged.is_payable


def _to_staff(offer: BenefitOffer, *, by: Answerer, now: datetime) -> BenefitOffer:
    """They want it, and something has changed meanwhile: a person looks, nobody hears a no."""
    offer.due_at = None
    give_to_staff(offer, now=now)
    offer.save()
    note(offer, "to_follow", by=by.reference, now=now)
    return offer


@transaction.atomic
def ask_for_person(offer: BenefitOffer, *, by: Answerer, now: datetime) -> BenefitOffer:
    """They wish to speak with somebody; asking again before somebody has changes nothing.

    Raises:
        NotYours: neither the person nor their guardian.
    """
    offer = locked_offer(offer)
    require_may_answer(offer, by, now=now)
    if offer.wants_person_at is None or offer.followed_at is not None:
        offer.wants_person_at, offer.due_at = now, None
        give_to_staff(offer, now=now)
        offer.save()
        note(offer, "to_follow", by=by.reference, now=now)
    return offer


def require_may_answer(offer: BenefitOffer, by: Answerer, *, now: datetime) -> None:
    """Only the person, a guardian whose paper is valid, or an officer for them.

    Raises:
        NotYours: somebody else.
    """
    if by.officer is not None or by.reference == f"resident:{offer.resident_id}":
        return
    kind, _, key = by.reference.partition(":")
    contact = Contact.objects.filter(pk=key).first() if kind == "contact" else None
    if contact is None or not is_guardian_of(
        contact, offer.resident, today=timezone.localdate(now)
    ):
        raise NotYours
