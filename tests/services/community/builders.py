"""Services, providers, orders and complaints with sensible defaults."""

from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from backend.people.models import Resident
from backend.places.models import Area
from services.community import actions
from services.community.actions import Offering, Opening
from services.community.doers import Doer
from services.community.models import Complaint, Order, Provider, Service
from tests.builders import NOON, a_phone, a_resident, an_area

LEAD = Doer("user:lead", "李娜")
KITCHEN = Doer("provider:kitchen", "社区食堂")
BEFORE_LUNCH = NOON - timedelta(hours=4)
"""08:00 of a Monday in Shanghai."""
LUNCH = NOON - timedelta(minutes=30)
"""11:30 of that day."""

_count = count(1)


def a_service(*, area: Area | None = None, **fields: Any) -> Service:
    """Lunch, brought by a provider at 11:00 or 11:30, for 18 yuan."""
    details = {
        "category": Service.Category.MEALS,
        "name": f"午餐{next(_count)}",
        "name_en": "Lunch",
        "fulfilment": Service.Fulfilment.PROVIDER,
        "hours": [time(11, 0), time(11, 30)],
        "lead_min": 90,
        "cancel_before_min": 60,
        "price_fen": 1_800,
        "repeats": True,
        **fields,
    }
    return actions.save_service(area=area or an_area(), details=details, by=LEAD, now=BEFORE_LUNCH)


def a_provider(
    service: Service,
    *,
    area: Area | None = None,
    capacity: int | None = None,
    days: range = range(7),
    **fields: Any,
) -> Provider:
    """A kitchen that brings a service every day from 8 to 18."""
    of = area or service.area
    return actions.save_provider(
        area=of,
        serves=[of],
        hours=[Opening(day, time(8, 0), time(18, 0)) for day in days],
        offerings=[Offering(service, None, capacity)],
        by=LEAD,
        now=BEFORE_LUNCH,
        **{"name": f"社区食堂{next(_count)}", "phone": a_phone(), **fields},
    )


def an_order(
    *,
    resident: Resident | None = None,
    service: Service | None = None,
    wanted_at: datetime = LUNCH,
    now: datetime = BEFORE_LUNCH,
    **fields: Any,
) -> Order:
    """Lunch that a resident ordered for themselves."""
    of = resident or a_resident(phone=a_phone())
    wanted = service or a_service(area=of.area)
    if not wanted.service_offers.exists() and wanted.fulfilment == Service.Fulfilment.PROVIDER:
        a_provider(wanted)
    return actions.place_order(
        resident=of,
        service=wanted,
        wanted_at=wanted_at,
        by=Doer(f"resident:{of.pk}", of.name),
        now=now,
        **{"channel": Order.Channel.RESIDENT, **fields},
    )


def a_passed_order(**fields: Any) -> Order:
    """An order that a kitchen was asked to bring."""
    order = an_order(**fields)
    offer = order.service.service_offers.get()
    return actions.pass_to_provider(order, provider=offer.provider, by=LEAD, now=BEFORE_LUNCH)


def a_done_order(**fields: Any) -> Order:
    """An order that was brought at the time it was wanted."""
    order = a_passed_order(**fields)
    actions.take_order(order, by=KITCHEN, now=BEFORE_LUNCH)
    actions.set_out(order, by=KITCHEN, now=LUNCH)
    return actions.deliver(order, by=KITCHEN, now=LUNCH)


def a_complaint(*, resident: Resident | None = None, **fields: Any) -> Complaint:
    """A resident with a telephone complains that lunch was cold."""
    of = resident or a_resident(phone=a_phone())
    return actions.complain(
        area=of.area,
        resident=of,
        **{
            "category": Complaint.Category.QUALITY,
            "words": "饭是冷的。",
            "source": Complaint.Source.RESIDENT,
            "by": Doer(f"resident:{of.pk}", of.name),
            "now": NOON,
            **fields,
        },
    )


def an_answered_complaint(**fields: Any) -> Complaint:
    """A complaint that was answered; the telephone of whoever complained is rung."""
    return actions.answer(a_complaint(**fields), text="已换保温箱。", by=LEAD, now=NOON)
