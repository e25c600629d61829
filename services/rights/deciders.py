"""What decides by itself here: the rules of benefits, the planner of visits, watches over homes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from backend.people.models import Resident
from services.alerts.models import Alert
from services.assistance.models import BenefitOffer
from services.assistance.policy import sentences
from services.assistance.policy.answers import Answer
from services.assistance.policy.judging import Judged, judge_all
from services.assistance.policy.rules import benefits
from services.rights.decisions import Decider, Decision, Reason, register
from services.visits.models import Visit
from services.visits.words import on_day

RECENT = timedelta(days=30)
SHOWN = 10
BY_SENSORS = (Alert.Kind.INACTIVITY, Alert.Kind.NOT_HEARD_OF, Alert.Kind.VITALS)


def by_rules(resident: Resident, now: datetime, language: str) -> Sequence[Decision]:
    """What the rules say of each benefit today."""
    day = timezone.localdate(now)
    return [_judged(each, language) for each in judge_all(resident, day=day)]


def _judged(judged: Judged, language: str) -> Decision:
    lines = sentences.lines_of(judged.judgement, judged.rule, language)
    return Decision(
        key=f"benefit:{judged.benefit.benefit}",
        title=judged.benefit.name.said(language),
        sentence=sentences.for_citizen(judged.judgement, judged.benefit, judged.rule, language),
        is_against=judged.judgement.answer is not Answer.YES,
        reasons=[Reason(line.text, line.article, line.rests_on) for line in lines],
    )


def by_offers(resident: Resident, _now: datetime, language: str) -> Sequence[Decision]:
    """Benefits that came by themselves, and of what amount."""
    offers = BenefitOffer.objects.filter(resident=resident).order_by("-offered_at")[:SHOWN]
    return [_offered(each, language) for each in offers]


def _offered(offer: BenefitOffer, language: str) -> Decision:
    name = benefits()[offer.benefit].name.said(language)
    with override(language):
        sentence = gettext("%(benefit)s was offered by itself.") % {"benefit": name}
    return Decision(f"offer:{offer.pk}", name, sentence, at=offer.offered_at)


def by_planner(resident: Resident, now: datetime, language: str) -> Sequence[Decision]:
    """Visits that the plan of a day left out, or for which a wish could not be kept."""
    visits = Visit.objects.filter(resident=resident, window_starts_at__gt=now - RECENT).exclude(
        unserved=""
    )
    return [_planned(each, language) for each in visits.order_by("-window_starts_at")[:SHOWN]]


def _planned(visit: Visit, language: str) -> Decision:
    with override(language):
        service = str(visit.get_service_display())
        sentence = gettext("The plan found nobody for your visit %(when)s.") % {
            "when": on_day(visit.window_starts_at)
        }
        reason = Reason(str(visit.get_unserved_display()))
    return Decision(
        f"visit:{visit.pk}", service, sentence, visit.made_at, is_against=True, reasons=[reason]
    )


def by_watch(resident: Resident, now: datetime, language: str) -> Sequence[Decision]:
    """Alerts that sensors and clocks raised by themselves."""
    alerts = Alert.objects.filter(
        resident=resident, kind__in=BY_SENSORS, raised_at__gt=now - RECENT
    )
    return [_raised(each, language) for each in alerts.order_by("-raised_at")[:SHOWN]]


def _raised(alert: Alert, language: str) -> Decision:
    with override(language):
        title = str(alert.get_kind_display())
        sentence = gettext("Our watch thought that something might be wrong, and told the desk.")
        reasons = [Reason(alert.reason)] if alert.reason else []
    return Decision(f"alert:{alert.pk}", title, sentence, alert.raised_at, reasons=reasons)


for _decider in (
    Decider("benefits", _("The rules of benefits"), by_rules),
    Decider("offers", _("Benefits offered by themselves"), by_offers),
    Decider("planner", _("The planner of visits"), by_planner),
    Decider("watch", _("The watch over the home"), by_watch),
):
    register(_decider)
