"""A question and a notice of the tests, and what keys mean to those who ask it."""

from datetime import datetime

from backend.core import journal
from backend.core.errors import DomainError
from notifications import replies, templates
from notifications.models import Delivery
from notifications.replies import Spoken
from notifications.templates import Template

CANNOT_BE_TAKEN = "9"


def meaning(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """Keys 1 to 3 are written into the journal; 9 is refused, others have no meaning."""
    if key == CANNOT_BE_TAKEN:
        raise DomainError
    if key not in {"1", "2", "3"}:
        return Spoken("test_unknown_key", ask_again=True)
    journal.append(delivery.cause, f"test.key_{key}", at=now)
    return Spoken("test_thanks", {"who": delivery.context["who"]})


replies.register("test", meaning)
templates.register(
    "test_question",
    Template(
        text="%(who)s called for help. Reply 1, 2 or 3.",
        say=["%(who)s called for help."],
        ask=["To go, press 1."],
    ),
)
templates.register("test_notice", Template(say=["%(who)s is well.", "Good bye."]))
templates.register("test_unknown_key", Template(say=["That key has no meaning."]))
templates.register("test_thanks", Template(say=["Thank you, %(who)s waits for you."]))
