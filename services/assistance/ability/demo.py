"""Ability assessments of the demo: final ones, and one that waits for its second signature."""

from datetime import timedelta

from django.db import transaction

from backend.people.models import Resident
from backend.runtime.demo.accounts import account_id
from backend.runtime.demo.context import Context
from services.assistance.ability import actions
from services.assistance.ability.scale import scale

SHOWN = 5


@transaction.atomic
def seed(context: Context) -> None:
    """Plant them once."""
    if not context.is_new:
        return
    first, second = account_id("officer_street1"), account_id("officer_street2")
    people = Resident.objects.filter(
        life_state=Resident.LifeState.HOME, mobility__in=("wheelchair", "bed", "walks_with_aid")
    ).select_related("area")
    for number, resident in enumerate(people.order_by("pk")[:SHOWN]):
        at = context.now - timedelta(days=number * 12 + 1)
        row = actions.assess(
            resident,
            scores=_scores(number),
            reason="first",
            has_dementia=number == 2,
            risk_events={"fall": 2} if number == 1 else {},
            informant="女儿",
            by=first,
            now=at,
        )
        if number:
            actions.sign(row, by=second, now=at + timedelta(hours=1))


def _scores(number: int) -> dict[str, int]:
    """Scores that get worse from one to the next, within what each item allows."""
    return {
        code: max(0, max(item.allowed) - (number + place) % 3 if place % 2 else max(item.allowed))
        for place, (code, item) in enumerate(scale().items.items())
    }
