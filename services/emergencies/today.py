"""A relative's day in one sentence and a few facts, and what of it concerns calls for help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from backend.accounts.actors import Actor
from backend.people.models import Resident
from backend.people.names import short_name
from backend.web import today
from backend.web.today import Fact, Shown, Sign, Source
from services.emergencies.models import EmergencyCall

GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)
LOOKED_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Day:
    """A resident's day as one of their contacts sees it."""

    who: str
    sentence: str
    facts: Sequence[Shown]


def day_of(actor: Actor, resident: Resident, *, now: datetime) -> Day:
    """The sentence that stands first, then the facts; never "is well" on no evidence."""
    who = short_name(resident, get_language() or "")
    if resident.life_state in GONE:
        return Day(who, gettext("%(who)s is not looked after by us any more.") % {"who": who}, ())
    facts = today.facts_for(actor, resident.pk, now=now)
    return Day(who, _sentence(facts) % {"who": who}, facts)


def _sentence(facts: Sequence[Shown]) -> str:
    signs = {each.fact.sign for each in facts if each.fact}
    if Sign.CONCERN in signs:
        return gettext("There is something to know about %(who)s. It is being looked after.")
    if Sign.GOOD in signs:
        return gettext("%(who)s is well today.")
    if Sign.UNKNOWN in signs:
        return gettext("Little is known of %(who)s today.")
    if signs:
        return gettext("There is no bad news of %(who)s today.")
    return gettext("Nothing is known of %(who)s today.")


def of_calls(resident_id: UUID, now: datetime) -> Fact:
    """Calls for help of the last day, theirs or their home's: how the last one stands or ended."""
    calls = EmergencyCall.objects.filter(
        Q(resident=resident_id) | Q(resident=None, household__residents=resident_id),
        kind=EmergencyCall.Kind.EMERGENCY,
        drill=False,
    )
    running = calls.exclude(state=EmergencyCall.State.RESOLVED).first()
    if running is not None:
        text = gettext("A call for help is running, and people are on it.")
        return Fact(text, Sign.CONCERN, running.opened_at)
    ended = calls.filter(resolved_at__gt=now - LOOKED_BACK).order_by("-resolved_at").first()
    if ended is None:
        return Fact(gettext("No call for help."))
    outcome = {"outcome": ended.get_outcome_display()}
    return Fact(gettext("A call for help is over: %(outcome)s.") % outcome, at=ended.opened_at)


today.register_fact(Source("calls", _("Calls for help"), "calls", "list", None, of_calls, 90))
