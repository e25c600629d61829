"""Residents who can be offered something."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from backend.people.models import Resident
from notifications.models import Delivery
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import actions
from services.assistance.offers.actions import Answerer
from services.assistance.policy.actions import record_facts
from tests.builders import NOON, a_phone
from tests.services.assistance.cases.builders import Office


@pytest.fixture(autouse=True)
def demo_pack(settings: Any) -> None:
    """Amounts that are known, as in the demo."""
    settings.ENV = msgspec.structs.replace(settings.ENV, policy_pack="demo")


def an_elder(office: Office | None = None, *, age: int = 85, **fields: Any) -> Resident:
    """Somebody of this age with a telephone whose local register is known."""
    resident = (office or Office()).resident(
        **{"birth_date": date(2026 - age, 3, 1), "phone": a_phone(), **fields}
    )
    register(resident)
    return resident


def register(resident: Resident, *, local: bool = True, by: Any = None) -> None:
    """The household register says so."""
    record_facts(
        resident,
        {"local_register": local},
        source="户籍系统",
        as_of=date(2026, 11, 1),
        by=by,
        now=NOON,
    )


def an_open_offer(resident: Resident | None = None, *, now: datetime = NOON) -> BenefitOffer:
    """The old-age allowance, offered and not yet asked."""
    offer = actions.make_offer(resident or an_elder(), "old_age_allowance", now=now)
    assert offer is not None
    return offer


def themselves(offer: BenefitOffer) -> Answerer:
    """The person, by a key on their telephone."""
    return Answerer(f"resident:{offer.resident_id}", "phone")


def a_taken_offer(resident: Resident | None = None, *, now: datetime = NOON) -> BenefitOffer:
    """An offer that the person took."""
    offer = an_open_offer(resident, now=now)
    return actions.answer_offer(offer, takes=True, by=themselves(offer), now=now)


def the_entitlement(offer: BenefitOffer) -> Entitlement:
    """What a taken offer gives."""
    return Entitlement.objects.get(offer=offer)


def asked(offer: BenefitOffer) -> list[Delivery]:
    """The questions owed about an offer."""
    return list(Delivery.objects.filter(cause=offer.reference, asks=True).order_by("created_at"))
