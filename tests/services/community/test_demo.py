"""The demo district has orders in every state and complaints on their clocks, and tells nobody."""

import pytest

from notifications.models import Delivery
from services.community.models import Complaint, Order, Service
from tests.builders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_district")]


def test_there_is_one_of_everything() -> None:
    states = set(Order.objects.values_list("state", flat=True))
    assert states >= {"ordered", "passed_on", "taken", "done", "cancelled"}
    complaints = set(Complaint.objects.values_list("state", flat=True))
    assert complaints == {"suggested", "open", "answered", "closed"}
    assert Complaint.objects.filter(ends_at__lt=NOON, state="open").exists()
    assert set(Service.objects.values_list("category", flat=True)) == set(Service.Category.values)
    assert not Delivery.objects.filter(cause__startswith="order:").exists()
