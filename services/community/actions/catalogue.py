"""Editing what can be ordered and who brings it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from backend.core.errors import Invalid
from backend.people import phones
from backend.places.models import Area
from services.community.doers import Doer
from services.community.links import new_link
from services.community.models import (
    OpeningHours,
    Provider,
    ProviderLink,
    Service,
    ServiceOffer,
)
from services.community.record import note_catalogue
from services.community.usual import USUAL_SERVICES


@dataclass(frozen=True)
class Offering:
    """That a provider brings a service."""

    service: Service
    price_fen: int | None = None
    capacity_a_day: int | None = None


@dataclass(frozen=True)
class Opening:
    """From when to when a provider works on a weekday; 0 is Monday."""

    weekday: int
    opens: time
    closes: time


@transaction.atomic
def save_service(
    *,
    area: Area,
    details: Mapping[str, Any],
    service: Service | None = None,
    by: Doer,
    now: datetime,
) -> Service:
    """Add a service to an area's catalogue, or change one; `details` are fields of `Service`.

    Raises:
        Invalid: the name is another's, or a visit does not say what is done.
    """
    saved = service or Service(area=area)
    for name, value in details.items():
        setattr(saved, name, value)
    if saved.fulfilment == Service.Fulfilment.VISIT and not saved.visit_service:
        raise Invalid(fields={"visit_service": ["required"]})
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise Invalid(fields={"name": ["taken"]}) from error
    event = "service.changed" if service else "service.added"
    note_catalogue(saved, area, event, fields=details, by=by, now=now)
    return saved


@transaction.atomic
def adopt_catalogue(area: Area, *, by: Doer, now: datetime) -> int:
    """Add the usual services that an area does not have yet; returns how many."""
    there = set(Service.objects.filter(area=area).values_list("name", flat=True))
    missing = [each for each in USUAL_SERVICES if each["name"] not in there]
    for details in missing:
        save_service(area=area, details=details, by=by, now=now)
    return len(missing)


@transaction.atomic
def save_provider(
    *,
    area: Area,
    name: str,
    phone: str,
    serves: Sequence[Area],
    hours: Sequence[Opening],
    offerings: Sequence[Offering],
    active: bool = True,
    provider: Provider | None = None,
    by: Doer,
    now: datetime,
) -> Provider:
    """Add a provider, or let one be exactly so.

    Raises:
        BadPhone: it is no number.
        Invalid: the name is another's, or it closes before it opens.
    """
    saved = provider or Provider(area=area)
    saved.name, saved.phone, saved.active = name, phones.normalized(phone), active
    if any(each.closes <= each.opens for each in hours):
        raise Invalid(fields={"hours": ["closes_before_opening"]})
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise Invalid(fields={"name": ["taken"]}) from error
    saved.serves.set(serves)
    saved.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(provider=saved, weekday=each.weekday, opens=each.opens, closes=each.closes)
        for each in hours
    )
    _set_offers(saved, offerings)
    event = "provider.changed" if provider else "provider.added"
    note_catalogue(saved, area, event, fields=["entry"], by=by, now=now)
    return saved


def _set_offers(provider: Provider, offerings: Sequence[Offering]) -> None:
    kept = [each.service.pk for each in offerings]
    provider.service_offers.exclude(service__in=kept).delete()
    for each in offerings:
        ServiceOffer.objects.update_or_create(
            provider=provider,
            service=each.service,
            defaults={"price_fen": each.price_fen, "capacity_a_day": each.capacity_a_day},
        )


@transaction.atomic
def make_link(provider: Provider, *, by: Doer, now: datetime) -> str:
    """A fresh link's token, to be given to the provider; the earlier ones end."""
    end_links(provider, by=by, now=now)
    token = new_link(provider, by=by, now=now)
    note_catalogue(provider, provider.area, "provider.link_made", fields=["link"], by=by, now=now)
    return token


@transaction.atomic
def end_links(provider: Provider, *, by: Doer, now: datetime) -> int:
    """Let no link of a provider open anything any more; returns how many did."""
    ended = ProviderLink.objects.filter(
        provider=provider, ended_at=None, expires_at__gt=now
    ).update(ended_at=now)
    if ended:
        note_catalogue(
            provider, provider.area, "provider.links_ended", fields=["link"], by=by, now=now
        )
    return ended
