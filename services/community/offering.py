"""When a service can be had, and who can bring it then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from backend.people.models import Resident
from backend.places.models import Area
from backend.places.queries import paths_above
from services.community.models import OpeningHours, Order, Provider, Service, ServiceOffer

DAYS_SHOWN = 3
MINUTE = timedelta(minutes=1)


def hours_of(service: Service, *, area: Area, now: datetime) -> list[datetime]:
    """The moments of the next days at which it can be chosen; one for "as soon as possible"."""
    earliest = now + timedelta(minutes=service.lead_min)
    if not service.hours:
        return [_rounded_up(earliest)]
    today = timezone.localdate(now)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_SHOWN)]
    moments = [moment_of(day, at) for day in days for at in sorted(service.hours)]
    ahead = [each for each in moments if each >= earliest]
    if service.fulfilment != Service.Fulfilment.PROVIDER:
        return ahead
    calendar = Calendar.of(service, area)
    return [each for each in ahead if calendar.is_open(each)]


def moment_of(day: date, at: object) -> datetime:
    """An hour of a day on the wall of the district."""
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())  # type: ignore[arg-type]


def _rounded_up(moment: datetime) -> datetime:
    """The next full five minutes."""
    plain = moment.replace(second=0, microsecond=0)
    return plain + MINUTE * (-plain.minute % 5 or 5)


def offers_in(service: Service, area: Area) -> QuerySet[ServiceOffer]:
    """Who brings a service to an area at all."""
    return (
        ServiceOffer.objects.filter(
            service=service,
            provider__active=True,
            provider__serves__path__in=paths_above(area.path),
        )
        .select_related("provider", "service")
        .order_by("provider__name", "pk")
        .distinct()
    )


@dataclass(frozen=True)
class Calendar:
    """When those who bring a service to an area are open."""

    hours: tuple[OpeningHours, ...]

    @classmethod
    def of(cls, service: Service, area: Area) -> "Calendar":
        """Of a service in an area."""
        providers = offers_in(service, area).values("provider")
        return cls(tuple(OpeningHours.objects.filter(provider__in=providers)))

    def is_open(self, moment: datetime) -> bool:
        """Whether any of them is open."""
        return any(_holds(each, moment) for each in self.hours)


def _holds(hours: OpeningHours, moment: datetime) -> bool:
    local = timezone.localtime(moment)
    return hours.weekday == local.weekday() and hours.opens <= local.time() <= hours.closes


def is_open_at(provider: Provider, moment: datetime) -> bool:
    """Whether a provider works at a moment."""
    return any(_holds(each, moment) for each in provider.opening_hours.all())


@dataclass(frozen=True)
class Candidate:
    """A provider that could bring an order, with what speaks against it."""

    provider: Provider
    price_fen: int | None
    is_open: bool
    taken: int
    capacity: int | None

    @property
    def is_full(self) -> bool:
        """Whether it brings no more on that day."""
        return self.capacity is not None and self.taken >= self.capacity


def candidates_for(order: Order) -> Iterator[Candidate]:
    """Who could bring an order, those who can first."""
    offers = list(offers_in(order.service, order.area))
    taken = _taken(offers, order)
    found = [
        Candidate(
            provider=offer.provider,
            price_fen=offer.asks_fen,
            is_open=is_open_at(offer.provider, order.wanted_at),
            taken=taken.get(offer.provider_id, 0),
            capacity=offer.capacity_a_day,
        )
        for offer in offers
    ]
    return iter(sorted(found, key=lambda each: (not each.is_open, each.is_full)))


def _taken(offers: Iterable[ServiceOffer], order: Order) -> dict[object, int]:
    orders = on_day(order).filter(provider__in=[each.provider_id for each in offers])
    counted = orders.values("provider").annotate(number=Count("pk"))
    return {row["provider"]: row["number"] for row in counted}


def on_day(order: Order) -> QuerySet[Order]:
    """Other orders of the same service and day that somebody brings."""
    return (
        Order.objects.filter(
            Q(provider__isnull=False), service=order.service, occurs_on=order.occurs_on
        )
        .exclude(state=Order.State.CANCELLED)
        .exclude(pk=order.pk)
        .order_by(F("wanted_at"))
    )


def gone(resident: Resident) -> bool:
    """Whether a resident does not live here any more."""
    return resident.life_state in (Resident.LifeState.MOVED, Resident.LifeState.DIED)
