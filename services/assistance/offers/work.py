"""Offers and entitlements as work that waits for a person."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from services.alerts import worklists
from services.alerts.worklists import WITHIN, Level, Waiting, WorkItem, Worklist
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import queries

State = Entitlement.State
LEVEL = Level.YELLOW
"""Our choice: a week. Money that the law gives is not urgent, and not to be forgotten either."""
_STEPS: dict[str, str | Promise] = {
    State.PROPOSED: _("check an entitlement"),
    State.CHECKED: _("confirm an entitlement"),
    State.IN_FORCE: _("an entitlement that may have changed"),
}


def waiting_benefits(actor: Actor, now: datetime, limit: int) -> Waiting:
    """Who is to be spoken with, what is to be checked and confirmed; the oldest first."""
    items = sorted(_items(actor), key=lambda each: (each.due_at, each.reference))
    return Waiting(
        total=len(items),
        overdue=sum(each.due_at <= now for each in items),
        items=items[:limit],
    )


def _items(actor: Actor) -> Iterator[WorkItem]:
    for offer in queries.offers_visible_to(actor, "list").filter(queries.TO_FOLLOW):
        if offer.to_follow_since is not None:
            title = _word(offer)
            yield _item(offer, offer.reference, offer.pk, title, offer.to_follow_since)
    rows = queries.entitlements_visible_to(actor, "list")
    for row in rows.filter(state__in=(State.PROPOSED, State.CHECKED)):
        since = row.checked_at or row.proposed_at
        yield _item(row, row.reference, row.offer_id, _STEPS[row.state], since)
    for row in queries.no_longer_right(rows):
        since = row.confirmed_at or row.proposed_at
        yield _item(row, row.reference, row.offer_id, _STEPS[row.state], since)


def _word(offer: BenefitOffer) -> str | Promise:
    if offer.wants_person_at:
        return _("wishes to speak about an offer")
    if offer.state == BenefitOffer.State.DECLINED:
        return _("declined an offer")
    if offer.state == BenefitOffer.State.TOLD:
        return _("could not be told of a benefit")
    return _("did not answer an offer")


def _item(
    thing: BenefitOffer | Entitlement,
    reference: str,
    offer_id: object,
    title: str | Promise,
    since: datetime,
) -> WorkItem:
    return WorkItem(
        reference=reference,
        kind="benefits",
        title=title,
        url=reverse("desk_offer", args=[offer_id]),
        area=thing.area.name,
        area_path=thing.area.path,
        level=LEVEL,
        since=since,
        due_at=since + WITHIN[LEVEL],
        resident_id=thing.resident_id,
        who=thing.resident.name,
    )


worklists.register(Worklist("benefits", _("Benefits offered"), waiting_benefits, order=65))
