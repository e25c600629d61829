"""Services, providers, orders in every state and complaints on their clocks, in the demo district.

Nobody is told of what happened before the demo began. At each start what lies behind was brought,
or the desk would drown in alerts about kitchens that do not exist.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.accounts.models import User
from backend.people.models import Consent, Resident
from backend.places.models import Area
from backend.runtime.demo import stories
from backend.runtime.demo.accounts import account_id
from backend.runtime.demo.context import BY, DISTRICT_CODE, Context, phone_number
from notifications.models import Delivery
from services.community import actions
from services.community.actions import Offering, Opening
from services.community.doers import Doer
from services.community.models import Complaint, Order, Provider, Service
from services.community.models.orders import WEEKDAYS
from services.community.offering import moment_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DESK = Doer(BY, "周芳")
FIRST_PHONE = 9_001
"""The last of the demo's numbers are the providers'."""
PRICES_FEN: Mapping[str, int] = {
    "午餐": 1_800,
    "晚餐": 1_600,
    "打扫卫生": 6_000,
    "洗澡": 8_000,
    "陪您看病": 12_000,
    "陪您出门": 4_000,
    "家里急修": 5_000,
}
ALL_DAY, MORNINGS = (time(7, 0), time(19, 0)), (time(6, 0), time(14, 0))
Kitchen = tuple[str, Mapping[str, tuple[int | None, int | None]], tuple[time, time], range]
"""Name; what it brings for how many fen, how often a day; from when to when; on which days."""
KITCHENS: Sequence[Kitchen] = (
    ("东门社区食堂", {"午餐": (None, 120), "晚餐": (None, 80)}, ALL_DAY, range(7)),
    ("幸福里小厨", {"午餐": (1_500, 60)}, MORNINGS, range(6)),
    ("便民急修队", {"家里急修": (None, None)}, (time(0, 0), time(23, 59)), range(7)),
    ("洁家保洁", {"打扫卫生": (5_500, 20)}, (time(8, 0), time(18, 0)), range(6)),
)
Steps = Sequence[str]


@dataclass(frozen=True)
class Plot:
    """An order: of what, in how many days at which hour, how far it came, and its stars."""

    service: str
    days: int
    hour: time
    steps: Steps = ()
    rating: int = 0
    words: str = ""


BROUGHT = ("pass_on", "take", "set_out", "deliver")
PLOTS = (
    Plot("午餐", -1, time(11, 30), BROUGHT, 5, "饭菜热，送得准时"),
    Plot("午餐", -1, time(11, 0), BROUGHT, 2, "汤洒了，菜是凉的"),
    Plot("午餐", -2, time(11, 30), BROUGHT, 4),
    Plot("晚餐", -1, time(17, 0), BROUGHT),
    Plot("家里急修", -1, time(15, 0), BROUGHT, 1, "师傅收了双倍的钱"),
    Plot("打扫卫生", -3, time(9, 0), BROUGHT, 5),
    Plot("午餐", -2, time(12, 0), ("pass_on", "cancel")),
    Plot("午餐", 1, time(11, 0)),
    Plot("午餐", 1, time(11, 30), ("pass_on",)),
    Plot("午餐", 1, time(12, 0), ("pass_on", "take")),
    Plot("晚餐", 1, time(17, 0), ("pass_on", "take")),
    Plot("打扫卫生", 1, time(14, 0)),
    Plot("洗澡", 1, time(9, 0)),
    Plot("陪您看病", 2, time(8, 0), ("visit",)),
    Plot("陪您出门", 1, time(16, 0), ("visit",)),
)


def seed(context: Context) -> None:
    """Plant once; at each start let what lies behind have been brought."""
    if context.is_new:
        with transaction.atomic():
            _plant(context)
    _let_have_been(context)


def _plant(context: Context) -> None:
    district = Area.objects.get(parent=None, code=DISTRICT_CODE)
    services = _catalogue(district, context.now)
    _providers(district, services, context.now)
    residents = _residents()
    elder = next(residents)
    _lunch_for_the_elder(elder, services["午餐"], context.now)
    for plot, resident in zip(PLOTS, residents, strict=False):
        _Player(plot, resident, services[plot.service], context.now).play()
    _complaints(list(residents), context)
    causes = ("order:", "standing_order:", "complaint:")
    about = Q()
    for cause in causes:
        about |= Q(cause__startswith=cause)
    Delivery.objects.filter(about).delete()


def _catalogue(district: Area, now: datetime) -> dict[str, Service]:
    actions.adopt_catalogue(district, by=DESK, now=now)
    services = {each.name: each for each in Service.objects.filter(area=district)}
    for name, price_fen in PRICES_FEN.items():
        Service.objects.filter(pk=services[name].pk).update(price_fen=price_fen)
        services[name].price_fen = price_fen
    return services


def _providers(district: Area, services: Mapping[str, Service], now: datetime) -> None:
    for number, (name, brings, (opens, closes), days) in enumerate(KITCHENS):
        actions.save_provider(
            area=district,
            name=name,
            phone=phone_number(FIRST_PHONE + number),
            serves=[district],
            hours=[Opening(day, opens, closes) for day in days],
            offerings=[
                Offering(services[what], price_fen, capacity)
                for what, (price_fen, capacity) in brings.items()
            ],
            by=DESK,
            now=now,
        )


def _residents() -> Iterator[Resident]:
    """The elder of the stories first, then others who are at home and can be rung."""
    home = Resident.objects.filter(life_state=Resident.LifeState.HOME).select_related("area")
    yield home.get(pk=stories.ELDER)
    known = (stories.ELDER, stories.SECOND_ELDER)
    others = home.exclude(phone_index="").exclude(pk__in=known)
    yield from others.order_by("pk")[20:60]


def _lunch_for_the_elder(elder: Resident, lunch: Service, now: datetime) -> None:
    """The daughter has ordered lunch for every weekday; the kitchen has taken it."""
    Consent.objects.get_or_create(
        resident=elder,
        item=Consent.Item.VISITS,
        withdrawn_at=None,
        defaults={
            "purpose": "让女儿看到谁来帮忙",
            "given_by": f"resident:{elder.pk}",
            "given_at": now,
            "recorded_by": BY,
        },
    )
    daughter = User.objects.get(pk=account_id("family1"))
    standing = actions.order_again(
        resident=elder,
        service=lunch,
        rule=WEEKDAYS,
        at=time(12, 0),
        channel=Order.Channel.FAMILY,
        note="软一点，少盐",
        by=Doer(daughter.reference, daughter.name),
        now=now - 2 * DAY,
    )
    kitchen = Provider.objects.get(name=KITCHENS[0][0])
    first = standing.orders.order_by("wanted_at")[0]
    _pass_on(first, kitchen, now - 2 * DAY)
    actions.take_order(first, by=Doer(kitchen.reference, kitchen.name), now=now - 2 * DAY)


def _pass_on(order: Order, kitchen: Provider, now: datetime) -> None:
    actions.pass_to_provider(order, provider=kitchen, by=DESK, now=now)


class _Player:
    """Plays one order to where its plot ends, at its times."""

    def __init__(self, plot: Plot, resident: Resident, service: Service, now: datetime) -> None:
        self.plot, self.resident, self.service = plot, resident, service
        day: date = timezone.localdate(now) + plot.days * DAY
        while service.fulfilment == Service.Fulfilment.PROVIDER and day.weekday() == SUNDAY:
            day += DAY if plot.days > 0 else -DAY
        self.wanted_at = moment_of(day, plot.hour)
        self.ordered_at = min(now, self.wanted_at - 20 * HOUR)

    def play(self) -> None:
        """From the order to its stars."""
        order = actions.place_order(
            resident=self.resident,
            service=self.service,
            wanted_at=self.wanted_at,
            channel=Order.Channel.PHONE,
            by=DESK,
            now=self.ordered_at,
        )
        do: dict[str, Callable[[Order], object]] = {
            "pass_on": self._pass_on,
            "visit": lambda it: actions.pass_to_carer(it, by=DESK, now=self.ordered_at),
            "take": lambda it: actions.take_order(it, by=self.by, now=self.ordered_at + HOUR),
            "set_out": lambda it: actions.set_out(it, by=self.by, now=self.wanted_at - HOUR / 2),
            "deliver": lambda it: actions.deliver(it, by=self.by, now=self.wanted_at),
            "cancel": lambda it: actions.cancel_order(
                it, reason="asked", is_staff=True, by=DESK, now=self.ordered_at + HOUR
            ),
        }
        for step in self.plot.steps:
            do[step](order)
        if self.plot.rating:
            own = Doer(f"resident:{self.resident.pk}", self.resident.name)
            actions.rate_order(
                order,
                rating=self.plot.rating,
                words=self.plot.words,
                by=own,
                now=self.wanted_at + HOUR,
            )

    def _pass_on(self, order: Order) -> None:
        offer = self.service.service_offers.select_related("provider").order_by("pk")[0]
        self.by = Doer(offer.provider.reference, offer.provider.name)
        _pass_on(order, offer.provider, self.ordered_at)


SUNDAY = 6


def _complaints(residents: Sequence[Resident], context: Context) -> None:
    """One in each state: fresh, nearly due, overdue, answered, opened again, closed."""
    now = context.now
    officer = User.objects.get(pk=account_id("officer"))
    said: tuple[tuple[str, str, timedelta, Sequence[str]], ...] = (
        ("quality", "食堂的菜太咸，老人吃不了。", 2 * HOUR, ()),
        ("staff", "保洁的人说话很冲。", 30 * HOUR, ("assign",)),
        ("late", "上周三次午餐都晚了半个多小时。", 9 * DAY, ("assign",)),
        ("price", "急修收费和说好的不一样。", 3 * DAY, ("assign", "answer")),
        ("place", "活动室的椅子坏了没人修。", 5 * DAY, ("answer", "wrong")),
        ("safety", "楼道堆了杂物，轮椅过不去。", 20 * DAY, ("assign", "answer", "right")),
    )
    for (category, words, age, steps), resident in zip(said, residents, strict=False):
        complaint = actions.complain(
            area=resident.area,
            resident=resident,
            category=category,
            words=words,
            source=Complaint.Source.DESK,
            name=resident.name,
            by=DESK,
            now=now - age,
        )
        for number, step in enumerate(steps, start=1):
            _settle(complaint, step, officer, now - age + number * HOUR)
    _ticket(residents[len(said)], now)


def _settle(complaint: Complaint, step: str, officer: User, at: datetime) -> None:
    by = Doer(officer.reference, officer.name)
    if step == "assign":
        actions.assign(complaint, to=officer, by=DESK, now=at)
    elif step == "answer":
        actions.answer(complaint, text="已核实并整改，向您道歉。", by=by, now=at)
        # Asked by telephone only from now on, as the demo's telephones ring.
        Complaint.objects.filter(pk=complaint.pk).update(due_at=at + 3 * DAY + 2 * HOUR)
    else:
        actions.check(complaint, is_right=step == "right", by=DESK, now=at)


def _ticket(resident: Resident, now: datetime) -> None:
    """One that the hotline has sent."""
    actions.complain(
        area=resident.area,
        category=Complaint.Category.OTHER,
        words="反映小区门口没有无障碍坡道。",
        source=Complaint.Source.HOTLINE,
        name="居民",
        hotline_number=f"WX{timezone.localdate(now):%Y%m%d}0001",
        by=DESK,
        now=now - 5 * HOUR,
    )


def _let_have_been(context: Context) -> None:
    """What was taken and lies behind was brought."""
    behind: Any = Order.objects.filter(
        state=Order.State.TAKEN, wanted_at__lt=context.now, provider__isnull=False
    )
    for order in behind.select_related("provider").order_by("wanted_at"):
        by = Doer(order.provider.reference, order.provider.name)
        actions.deliver(order, by=by, now=order.wanted_at)
