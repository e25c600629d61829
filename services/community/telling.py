"""What residents and providers are told of orders."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from backend.people.names import short_name
from notifications.actions import Recipient, owe, owe_as_preferred, stop
from notifications.models import Channel, Delivery
from notifications.recipients import resident_recipient
from services.community import policies
from services.community.doers import CLOCKWORK, Doer
from services.community.links import new_link
from services.community.models import Order, Provider, StandingOrder


def tell_ordered(order: Order, *, now: datetime) -> None:
    """The resident hears that it is ordered, where somebody else did it for them."""
    if order.channel == Order.Channel.RESIDENT:
        return
    _tell_resident(
        order,
        "order_by_family" if order.channel == Order.Channel.FAMILY else "order_by_phone",
        step_run="ordered",
        now=now,
    )


def tell_comes_again(standing: StandingOrder, *, now: datetime) -> None:
    """The resident hears that something comes again, where somebody else ordered it."""
    if standing.channel == Order.Channel.RESIDENT:
        return
    to = resident_recipient(standing.resident)
    if not to.address:
        return
    with translation.override(to.language):
        service = standing.service.label
    owe_as_preferred(
        cause=standing.reference,
        step_run="ordered",
        to=to,
        template="order_comes_again",
        context={"service": service, "time": f"{standing.at:%H:%M}"},
        now=now,
        area_path=standing.resident.area.path,
        resident_id=standing.resident_id,
    )


def tell_on_the_way(order: Order, *, now: datetime) -> None:
    """It is on its way."""
    _tell_resident(order, "order_on_the_way", step_run="on_the_way", now=now)


def tell_cancelled(order: Order, *, now: datetime) -> None:
    """Nobody can bring it."""
    _tell_resident(order, "order_cancelled", step_run="cancelled", now=now)


def _tell_resident(order: Order, template: str, *, step_run: str, now: datetime) -> None:
    to = resident_recipient(order.resident)
    if not to.address:
        return
    with translation.override(to.language):
        context = {
            "service": order.service.label,
            "when": when_in_words(order.wanted_at, now=now),
            "by": order.provider.name if order.provider else "",
            "who": order.ordered_by_name,
        }
    owe_as_preferred(
        cause=order.reference,
        step_run=step_run,
        to=to,
        template=template,
        context=context,
        now=now,
        area_path=order.area.path,
        resident_id=order.resident_id,
    )


def tell_provider(order: Order, *, by: Doer, now: datetime) -> None:
    """A provider hears of an order, with a link by which it says whether it brings it.

    The text names no health, and the resident by surname only; the link shows the door.
    """
    provider = order.provider
    if provider is None:
        return
    token = new_link(provider, by=by, now=now)
    _owe_provider(
        order, provider, "order_for_provider", step=_run(order), now=now, secret=_link(token)
    )


def _link(token: str) -> str:
    return f"{settings.ENV.public_url}{reverse('provider_orders', args=[token])}"


def tell_fresh_link(provider: Provider, *, now: datetime) -> None:
    """Who only brings what comes again hears of no new order: text a link before the last ends."""
    held = Provider.objects.select_for_update().get(pk=provider.pk)
    at = policies.rings_at(now)
    lasting = held.links.filter(ended_at=None, expires_at__gt=at + policies.LINK_RENEWED_BEFORE)
    if lasting.exists() or not held.active:
        return
    token = new_link(held, by=CLOCKWORK, now=now)
    to = Recipient(held.reference, held.name, held.phone, held.language)
    owe(
        cause=held.reference,
        step_run=f"link.{timezone.localdate(now)}",
        to=to,
        channel=Channel.SMS,
        template="order_link_for_provider",
        context={},
        asks=False,
        priority=Delivery.Priority.ROUTINE,
        now=now,
        due_at=at,
        area_path=held.area.path,
        secret=_link(token),
    )


def tell_given_up(order: Order, provider: Provider, *, now: datetime) -> None:
    """A provider hears that an order is not wanted any more."""
    stop(cause=order.reference, person_prefix="provider:", only_asking=False, now=now)
    _owe_provider(order, provider, "order_given_up", step=f"cancelled.{_run(order)}", now=now)


def _run(order: Order) -> str:
    return f"passed_on.{order.events.filter(event='passed_on').count()}"


def _owe_provider(
    order: Order, provider: Provider, template: str, *, step: str, now: datetime, secret: str = ""
) -> None:
    to = Recipient(provider.reference, provider.name, provider.phone, provider.language)
    with translation.override(to.language):
        context = {
            "service": order.service.label,
            "when": when_in_words(order.wanted_at, now=now),
            "who": short_name(order.resident, to.language),
        }
    owe(
        cause=order.reference,
        step_run=step,
        to=to,
        channel=Channel.SMS,
        template=template,
        context=context,
        asks=False,
        priority=Delivery.Priority.URGENT,
        now=now,
        area_path=order.area.path,
        secret=secret,
    )


def when_in_words(moment: datetime, *, now: datetime) -> str:
    """A moment as people say it: today at 11:30, tomorrow at 11:30, on Monday, 23 November …"""
    local = timezone.localtime(moment)
    hour = {"time": f"{local:%H:%M}"}
    days = (local.date() - timezone.localdate(now)).days
    if days == 0:
        return gettext("today at %(time)s") % hour
    if days == 1:
        return gettext("tomorrow at %(time)s") % hour
    form = pgettext("a day with its weekday, as Django's date format", "l, j F")
    return gettext("on %(day)s at %(time)s") % {**hour, "day": date_format(local, form)}
