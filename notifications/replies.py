"""The port of replies: what a key means is decided by whoever asked, in the key's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notifications.models import Delivery


@dataclass(frozen=True)
class Spoken:
    """What is said in answer: a template and its values; `ask_again` repeats the question."""

    template: str
    context: Mapping[str, str] = field(default_factory=dict)
    ask_again: bool = False


ReplyMeaning = Callable[[Delivery, str, datetime], Spoken]

_meanings: dict[str, ReplyMeaning] = {}


def register(prefix: str, meaning: ReplyMeaning) -> None:
    """Let `meaning` decide about deliveries whose cause begins with "<prefix>:".

    It runs in the transaction that stores the reply, may be called again for the same key from
    another call or text, and must then change nothing.

    Raises:
        ValueError: somebody else decides about them.
    """
    if _meanings.get(prefix, meaning) is not meaning:
        raise ValueError(f"two meanings for {prefix}")
    _meanings[prefix] = meaning


def meaning_of(delivery: Delivery) -> ReplyMeaning:
    """Who decides about replies to this delivery."""
    return _meanings.get(delivery.cause.partition(":")[0], _no_meaning)


def _no_meaning(_delivery: Delivery, _key: str, _now: datetime) -> Spoken:
    return Spoken("reply_thanks")
