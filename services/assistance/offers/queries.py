"""Offers and entitlements as their viewers may see them; families by consent only."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core.errors import NotFound
from backend.people.models import Consent, Resident
from services.assistance.models import BenefitOffer, Entitlement, Screening
from services.assistance.policy.answers import Answer

Row = TypeVar("Row", bound=Model)
State = BenefitOffer.State

TO_FOLLOW = Q(to_follow_since__isnull=False, followed_at=None) & ~Q(
    resident__life_state=Resident.LifeState.DIED
)
"""Somebody of the staff is to speak with them; nobody rings the home of the dead about money."""


def standing_offers(*, now: datetime) -> QuerySet[BenefitOffer]:
    """Offers that keep a benefit from being offered again: what one gave has not ended."""
    today = timezone.localdate(now)
    return BenefitOffer.objects.filter(Q(again_from=None) | Q(again_from__gt=today))


def offers_visible_to(actor: Actor, action: str = "read") -> QuerySet[BenefitOffer]:
    """Offers within the actor's scope."""
    rows = BenefitOffer.objects.select_related("resident", "area", "ruling", "followed_by")
    return rows.filter(_reached(actor, "benefit-offers", action))


def entitlements_visible_to(actor: Actor, action: str = "read") -> QuerySet[Entitlement]:
    """Entitlements within the actor's scope."""
    rows = Entitlement.objects.select_related(
        "resident", "area", "offer", "ruling", "checked_by", "confirmed_by"
    )
    return rows.filter(_reached(actor, "entitlements", action))


def _reached(actor: Actor, resource: str, action: str) -> Q:
    scope = actor.scope(resource, action)
    reached = residents_condition(actor, scope, at="resident")
    if scope is Scope.HOUSEHOLD:
        shared = Consent.objects.filter(
            resident=OuterRef("resident"), item=Consent.Item.ASSISTANCE, withdrawn_at=None
        )
        reached &= Q(Exists(shared))
    return reached


def offer_for(actor: Actor, key: UUID | str, action: str = "read") -> BenefitOffer:
    """One offer within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    return _one(offers_visible_to(actor, action), key)


def entitlement_for(actor: Actor, key: UUID | str, action: str = "read") -> Entitlement:
    """One entitlement within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    return _one(entitlements_visible_to(actor, action), key)


def _one(rows: QuerySet[Row], key: UUID | str) -> Row:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def no_longer_right(rows: QuerySet[Entitlement]) -> QuerySet[Entitlement]:
    """Those in force of which the rules now say something else, and nobody has acted on it."""
    now = Screening.objects.filter(
        resident=OuterRef("resident"), benefit=OuterRef("benefit"), screened_at__isnull=False
    )
    same = now.filter(answer=Answer.YES, amount_fen=OuterRef("amount_fen"))
    pending = Entitlement.objects.filter(
        resident=OuterRef("resident"),
        benefit=OuterRef("benefit"),
        state__in=(Entitlement.State.PROPOSED, Entitlement.State.CHECKED),
    )
    in_force = rows.filter(state=Entitlement.State.IN_FORCE)
    return in_force.filter(Exists(now), ~Exists(same), ~Exists(pending))


def open_for(actor: Actor, action: str) -> QuerySet[BenefitOffer]:
    """What the actor's person or relatives were offered and have not answered; none of the dead."""
    rows = offers_visible_to(actor, action).filter(state__in=(State.OPEN, State.TOLD))
    rows = rows.exclude(resident__life_state=Resident.LifeState.DIED)
    return rows.order_by(F("offered_at").desc(), "pk")
