"""The demo district has offers in every state, and tells nobody."""

from datetime import date

import pytest

from backend.people.models import Resident
from backend.runtime.demo import stories
from notifications.models import Delivery
from services.assistance.models import BenefitOffer, Entitlement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_district")]


def test_the_demo_has_offers_in_every_state_and_rings_nobody() -> None:
    states = set(BenefitOffer.objects.values_list("state", flat=True))
    entitled = set(Entitlement.objects.values_list("state", flat=True))
    elder = Resident.objects.get(pk=stories.ELDER)

    assert states == {"open", "accepted", "declined"}
    assert entitled == {"proposed", "checked", "in_force"}
    assert BenefitOffer.objects.get(resident=elder).state == "open"
    assert not Delivery.objects.filter(cause__startswith="offer:").exists()
    assert elder.birth_date == date(1941, 5, 12)
