"""What a world has of assistance."""

import itertools
from datetime import date, timedelta

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.people.models import Consent
from services.assistance.ability.actions import assess
from services.assistance.ability.scale import scale
from services.assistance.cases import actions
from services.assistance.cases.doers import Doer, doer_of
from services.assistance.cases.letters import write_letter
from services.assistance.cases.machine import Level
from services.assistance.models import (
    BenefitOffer,
    Entitlement,
    Holiday,
    HomeVisit,
    Opinion,
    VisitStaff,
)
from services.assistance.policy.actions import enter_parameter
from services.assistance.policy.judging import judge_resident, keep_ruling
from tests.builders import NOON
from tests.worlds import Cast

_days = itertools.count()


def _root(cast: Cast) -> str:
    return cast.grid.path.partition(".")[0] + "."


def fill(cast: Cast) -> None:
    """A case at intake whose resident shares benefits with the family, and its home visit."""
    Consent.objects.create(
        resident=cast.resident,
        item=Consent.Item.ASSISTANCE,
        purpose="benefits",
        given_by=f"resident:{cast.resident.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )
    Holiday.objects.create(date=date(2030, 1, 1) + timedelta(days=next(_days)), name="-")
    case = actions.open_case(
        resident=cast.resident,
        benefit="dibao",
        by=Doer("user:1", "李娜", Level.STREET),
        now=NOON,
    )
    officer = User.objects.filter(role=Role.OFFICER, area__path=_root(cast)).last()
    assert officer is not None
    opinion = Opinion.objects.create(
        case=case, kind="grant", household_size=1, written_by=officer, written_at=NOON
    )
    write_letter(case, opinion, issued_by=doer_of(actor_of(officer)), now=NOON)
    visit = HomeVisit.objects.create(case=case, planned_at=NOON)
    VisitStaff.objects.create(visit=visit, user=User.objects.get(caregiver=cast.caregiver))
    _fill_benefits(cast, officer)


def _fill_benefits(cast: Cast, officer: User) -> None:
    """An offer with its ruling and entitlement, a value that waits, an unsigned assessment."""
    judged = judge_resident(cast.resident, "old_age_allowance", day=NOON.date())
    offer = BenefitOffer.objects.create(
        resident=cast.resident,
        area=cast.resident.area,
        benefit="old_age_allowance",
        mode=BenefitOffer.Mode.OFFER,
        ruling=keep_ruling(cast.resident, judged, now=NOON),
        offered_at=NOON,
        due_at=NOON,
    )
    Entitlement.objects.create(
        resident=cast.resident,
        area=cast.resident.area,
        offer=offer,
        benefit=offer.benefit,
        amount_fen=10_000,
        starts_on=date(2026, 12, 1),
        ruling=offer.ruling,
        proposed_at=NOON,
    )
    enter_parameter(
        name="allowance_80",
        level="city",
        value=10_000,
        since=date(2026, 1, 1) + timedelta(days=next(_days)),
        source="-",
        by=officer.pk,
        now=NOON,
    )
    best = {code: max(item.allowed) for code, item in scale().items.items()}
    assess(cast.resident, scores=best, reason="first", by=officer.pk, now=NOON)
