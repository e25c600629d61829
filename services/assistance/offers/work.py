"""Offers and entitlements as work that waits for a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import queries

State = Entitlement.State
Rows = QuerySet[Any]
"""Offers or entitlements, with `since` when each waits."""
LEVEL = Level.YELLOW
"""Our choice: a week. Money that the law gives is not urgent, and not to be forgotten either."""
_STEPS: dict[str, str | Promise] = {
    State.PROPOSED: _("check an entitlement"),
    State.CHECKED: _("confirm an entitlement"),
    State.IN_FORCE: _("an entitlement that may have changed"),
}


def waiting_benefits(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Who is to be spoken with, what is to be checked and confirmed; the oldest first.

    Read only as far as it is shown: after a screening thousands may wait.
    """
    waits = [*_entitlements(actor), _offers(actor)]
    first = [_item(each) for rows in waits for each in rows.order_by("since", "pk")[:limit]]
    late = Q(since__lte=now - WITHIN[LEVEL])
    return Waiting(
        total=sum(rows.count() for rows in waits),
        overdue=sum(rows.filter(late).count() for rows in waits),
        items=sorted(first, key=lambda each: (each.due_at, each.reference))[:limit],
    )


def _offers(actor: Actor) -> Rows:
    rows = queries.offers_visible_to(actor, "list").filter(queries.TO_FOLLOW)
    return rows.annotate(since=F("to_follow_since"))


def _entitlements(actor: Actor) -> Iterator[Rows]:
    rows = queries.entitlements_visible_to(actor, "list")
    pending = rows.filter(state__in=(State.PROPOSED, State.CHECKED))
    yield pending.annotate(since=Coalesce("checked_at", "proposed_at"))
    yield queries.no_longer_right(rows).annotate(since=Coalesce("confirmed_at", "proposed_at"))


def _word(offer: BenefitOffer) -> str | Promise:
    if offer.wants_person_at:
        return _("wishes to speak about an offer")
    if offer.state == BenefitOffer.State.DECLINED:
        return _("declined an offer")
    if offer.state == BenefitOffer.State.TOLD:
        return _("could not be told of a benefit")
    return _("did not answer an offer")


def _item(thing: Any) -> WorkItem:
    is_offer = isinstance(thing, BenefitOffer)
    return WorkItem(
        reference=thing.reference,
        kind="benefits",
        title=_word(thing) if is_offer else _STEPS[thing.state],
        url=reverse("desk_offer", args=[thing.pk if is_offer else thing.offer_id]),
        area=thing.area.name,
        area_path=thing.area.path,
        level=LEVEL,
        since=thing.since,
        due_at=thing.since + WITHIN[LEVEL],
        resident_id=thing.resident_id,
        who=thing.resident.name,
    )


worklists.register(Worklist("benefits", _("Benefits offered"), waiting_benefits, order=65))
