"""Sign-in codes by text; `settings.CODE_SENDER` names `send`."""

import uuid
from datetime import datetime, timedelta

from backend.people import phones
from notifications.actions import Recipient, owe
from notifications.models import Channel, Delivery

VALID_FOR = timedelta(minutes=5)


def send(phone: str, code: str, language: str, now: datetime) -> None:
    """Owe a sign-in code to a normalized number; it is worth nothing after five minutes."""
    owe(
        cause=f"code:{uuid.uuid4()}",
        step_run="code",
        to=Recipient(f"phone:{phones.index(phone)}", "", phone, language),
        channel=Channel.SMS,
        template="sign_in_code",
        context={},
        secret=code,
        asks=False,
        priority=Delivery.Priority.URGENT,
        now=now,
        expires_at=now + VALID_FOR,
    )
