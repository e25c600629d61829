"""Wellbeing on a family's day at a glance: said to be well, and what they were reminded of."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from backend.web import today
from backend.web.today import Fact, Sign, Source
from services.wellbeing.models import Occurrence, OkDay, Stage, Way
from services.wellbeing.queries import ok_today, signs_not_shared

State = Occurrence.State

COUNTED = (State.DONE, State.ASKED, State.NOT_DONE, State.PERSON_WANTED, State.LOOKED_AFTER)
"""What was put to the person: not what was dropped as too late or not asked at all."""


def of_ok(resident_id: UUID, now: datetime) -> Fact | None:
    """Whether they said that all is well today; nothing where that is not agreed."""
    day = ok_today(resident_id, now)
    if day is None or day.state == OkDay.State.SILENCED:
        return None
    if day.state in OkDay.OPEN and day.by_at > now:
        return Fact(gettext("Will say by then that all is well."), at=day.by_at)
    if signs_not_shared([day]):
        return Fact(gettext("Was heard of, so nobody rang to ask."), _sign(day))
    return Fact(_said(day), _sign(day), day.closed_at or day.by_at)


def _said(day: OkDay) -> str:
    match day.state:
        case OkDay.State.OK:
            return _heard(day)
        case OkDay.State.LOOKED_AFTER:
            return gettext("Did not say that all is well; somebody looked after them.")
        case OkDay.State.PERSON_WANTED:
            return gettext("Wanted to speak with somebody; the care centre rings them.")
    return gettext("Has not said yet that all is well. The care centre is asking.")


def _heard(day: OkDay) -> str:
    match day.way:
        case Way.ACTIVITY:
            return gettext("Was up and about at home, so nobody rang to ask.")
        case Way.VISIT:
            return gettext("A caregiver was there, so nobody rang to ask.")
    return gettext("Said that all is well.")


def _sign(day: OkDay) -> Sign:
    """Whoever does not answer, so that others are asked, is not well for having been so before."""
    if day.state == OkDay.State.ASKED and day.stage != Stage.PERSON:
        return Sign.CONCERN
    return SIGNS[OkDay.State(day.state)]


SIGNS: Mapping[OkDay.State, Sign] = {
    OkDay.State.OK: Sign.GOOD,
    OkDay.State.LOOKED_AFTER: Sign.PLAIN,
    OkDay.State.PERSON_WANTED: Sign.CONCERN,
    OkDay.State.EXPECTED: Sign.UNKNOWN,
    OkDay.State.ASKED: Sign.UNKNOWN,
}


def of_medicines(resident_id: UUID, now: datetime) -> Fact | None:
    """How many of today's medicines were taken; nothing before the first was asked about."""
    asked = _asked_today(resident_id, now)
    total = asked.count()
    if not total:
        return None
    done = asked.filter(state=State.DONE).count()
    last = asked.order_by("-asks_at").values_list("asks_at", flat=True).first()
    if done == total:
        return Fact(gettext("All medicines so far were taken."), Sign.GOOD, last)
    about = {"done": done, "total": total}
    return Fact(gettext("%(done)s of %(total)s medicines were taken.") % about, at=last)


def _asked_today(resident_id: UUID, now: datetime) -> QuerySet[Occurrence]:
    local = timezone.localtime(now)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return Occurrence.objects.filter(
        resident=resident_id,
        reminder__kind="medicine",
        state__in=COUNTED,
        asks_at__gte=midnight,
        asks_at__lte=now,
    )


for _name, _label, _ask, _order in (
    ("ok", pgettext_lazy("fact", "Said to be well"), of_ok, 10),
    ("medicines", _("Medicines"), of_medicines, 40),
):
    today.register_fact(
        Source(_name, _label, "family-wellbeing", "read", Consent.Item.WELLBEING, _ask, _order)
    )
