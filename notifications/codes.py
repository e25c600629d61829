"""Sign-in codes and news of one's account by text; `settings.CODE_SENDER` names `send`,
`settings.NOTICE_SENDER` names `tell`."""

import uuid
from datetime import datetime, timedelta

from backend.accounts.actions import refuse_codes
from backend.people import phones
from notifications import inbound
from notifications.actions import Recipient, owe
from notifications.inbound import Caller, Word
from notifications.models import Channel, Delivery
from notifications.replies import Spoken

VALID_FOR = timedelta(minutes=5)


NOTICES = {
    "recovery_asked": "account_recovery_asked",
    "recovery_confirmed": "account_recovery_confirmed",
}
NOT_ME = frozenset({"notme", "不是我"})


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


def tell(phone: str, notice: str, language: str, now: datetime) -> None:
    """Owe somebody the news of what was done to their account."""
    owe(
        cause=f"account:{uuid.uuid4()}",
        step_run=notice,
        to=Recipient(f"phone:{phones.index(phone)}", "", phone, language),
        channel=Channel.SMS,
        template=NOTICES[notice],
        context={},
        asks=False,
        priority=Delivery.Priority.URGENT,
        now=now,
    )


def refuse(caller: Caller, now: datetime) -> Spoken | None:
    """Somebody writes that they did not ask for the code they got."""
    if not caller.phone:
        return None
    refuse_codes(phone_index=phones.index(caller.phone), now=now)
    return Spoken("sign_in_code_refused")


inbound.register_word(Word(NOT_ME, refuse))
