"""Which senders there are, and which of them carries a delivery."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.db.models import Count

from notifications.models import Channel, Delivery, SenderHealth
from notifications.senders import port
from notifications.senders.port import OurConfiguration, Sender
from notifications.senders.twilio.sender import make_sender

_given: list[tuple[Sender, ...]] = []


@lru_cache(maxsize=1)
def _configured() -> tuple[Sender, ...]:
    """The senders that the settings name, the preferred one first."""
    env = settings.ENV
    if not (env.twilio_account_sid or env.twilio_api_base):
        return ()
    return (
        make_sender(
            account_sid=env.twilio_account_sid,
            auth_token=env.twilio_auth_token,
            from_number=env.twilio_from,
            public_url=env.public_url,
            api_base=env.twilio_api_base or None,
        ),
    )


def senders() -> tuple[Sender, ...]:
    """All senders, the preferred one first."""
    return _given[-1] if _given else _configured()


@contextmanager
def only(*these: Sender) -> Iterator[None]:
    """Use these senders instead of the configured ones; tests and drills do."""
    _given.append(these)
    try:
        yield
    finally:
        _given.remove(these)


def sender_named(name: str) -> Sender | None:
    """The sender of an attempt; None when it is configured no more."""
    return next((sender for sender in senders() if sender.name == name), None)


def has_route(phone: str, channel: str | None = None) -> bool:
    """Whether any sender reaches a normalized number, on one channel or on any."""
    channels = [channel] if channel else Channel.values
    return any(_reaches(sender, each, phone) for sender in senders() for each in channels)


def route_for(
    channel: str,
    phone: str,
    *,
    failures: Mapping[str, int] | None = None,
    without: Collection[str] = (),
) -> Sender | None:
    """The sender for the next attempt, or None.

    Those that are down, and those that failed with this delivery (`failures` by name), come
    last and are still used when there is no other; those in `without` are not.
    """
    failed = failures or {}
    able = [
        sender
        for sender in senders()
        if sender.name not in without and _reaches(sender, channel, phone)
    ]
    if len(able) > 1:
        down = set(SenderHealth.objects.exclude(down_since=None).values_list("sender", flat=True))
        able.sort(key=lambda sender: (sender.name in down, failed.get(sender.name, 0)))
    return able[0] if able else None


def next_route(delivery: Delivery) -> Sender | None:
    """The sender for the next attempt of a delivery, after what was tried; or None."""
    if not delivery.attempt_count:
        return route_for(delivery.channel, delivery.address)
    failed = delivery.attempts.exclude(error_code="").values("sender", "error_code")
    counted = list(failed.annotate(times=Count("pk")).order_by())
    return route_for(
        delivery.channel,
        delivery.address,
        failures={row["sender"]: row["times"] for row in counted},
        without=[row["sender"] for row in counted if row["error_code"] == OurConfiguration.code],
    )


def _reaches(sender: Sender, channel: str, phone: str) -> bool:
    return bool(phone) and sender.capabilities.reaches(port.Channel(channel), phone)
