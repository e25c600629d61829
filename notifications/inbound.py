"""The port of people who ring or write to us by themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise

from backend.people.models import Language
from notifications import words
from notifications.models import Channel
from notifications.replies import Spoken

HELP_KEY = "1"


@dataclass(frozen=True)
class Caller:
    """Somebody who rang or wrote; `phone` is normalized, "" where the number is withheld."""

    phone: str
    channel: Channel
    provider_id: str
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A telephone to put somebody through to: whose it is, as deliveries name them."""

    person: str
    name: str
    phone: str
    language: str = Language.ZH


@dataclass(frozen=True)
class Connection:
    """The caller is put through to the first of `lines` who presses a key.

    A receiver that is only taken up is not enough: it may be a machine. Voice only.
    """

    lines: Sequence[Line]
    cause: str
    """What it is about ("call:<uuid>"); its beginning says who hears of it (`register_bridge`)."""
    said: Spoken
    """What the caller hears first."""
    whisper: Spoken
    """What who takes the receiver up hears, with its question."""
    unanswered: Spoken
    """What the caller hears when nobody has taken it in time."""


@dataclass(frozen=True)
class Asking:
    """Something is said and another key is waited for: the choice hears all keys pressed so far.

    Key 1 is help at every point. Voice only; who says nothing hears it once more.
    """

    said: Spoken
    before: Spoken | None = None


Answer = Spoken | Connection | Asking
InboundMeaning = Callable[[Caller, str, datetime], Answer]


@dataclass(frozen=True)
class BridgeNews:
    """Who hears how a connection goes on; each is called once, in the transaction of the news."""

    taken: Callable[[str, Line, datetime], None]
    """The cause, and whose key it was."""
    missed: Callable[[str, datetime], None]
    ended: Callable[[str, int, datetime], None]
    """The cause, and for how many seconds they spoke."""


_bridges: dict[str, BridgeNews] = {}


def register_bridge(prefix: str, news: BridgeNews) -> None:
    """Hear of connections whose cause begins with "<prefix>:".

    Raises:
        ValueError: somebody else hears of them.
    """
    if _bridges.setdefault(prefix, news) != news:
        raise ValueError(f"two who hear of the bridges of {prefix}")


def bridge_news(cause: str) -> BridgeNews:
    """Who hears of a connection about this."""
    return _bridges[cause.partition(":")[0]]


_meanings: list[InboundMeaning] = []


@dataclass(frozen=True)
class Choice:
    """One key of the spoken menu: what is said of it, and what follows."""

    key: str
    ask: str | Promise
    """"If you need help, press 1."; the hour to say it is after the greeting."""
    act: InboundMeaning
    """Gets its key, and where it is asking the keys pressed since: "5", "53", "532"."""


_choices: dict[str, Choice] = {}


def register_choice(choice: Choice) -> None:
    """Add a key to the menu of those who ring us.

    Raises:
        ValueError: the key is another's.
    """
    if _choices.setdefault(choice.key, choice) != choice:
        raise ValueError(f"two meanings for key {choice.key}")


def choices() -> list[Choice]:
    """The menu in the order of its keys, 0 last, as telephones have it."""
    return sorted(_choices.values(), key=lambda each: (each.key == "0", each.key))


@dataclass(frozen=True)
class Word:
    """What somebody may text us, and what follows; None: it is not for this caller."""

    words: frozenset[str]
    """As `notifications.words.plain` leaves them."""
    act: Callable[[Caller, datetime], Spoken | None]


_words: dict[str, Word] = {}


def register_word(word: Word) -> None:
    """Let texts that say only this be answered.

    Raises:
        ValueError: one of the words is another's.
    """
    for each in word.words:
        if _words.setdefault(each, word) != word:
            raise ValueError(f"two meanings for the word {each}")


def answer_word(caller: Caller, now: datetime) -> Spoken | None:
    """What follows for a text that is a registered word; None where it is none."""
    word = _words.get(words.plain(caller.text))
    return word.act(caller, now) if word else None


def means_something(key: str) -> bool:
    """Whether a key is one of the menu's."""
    return key == HELP_KEY or key in _choices


def register_inbound(meaning: InboundMeaning) -> None:
    """Let `meaning` decide what follows; called once per call or text.

    Its key is `HELP_KEY` for "I need help", or "" for a caller who said nothing.

    Raises:
        ValueError: somebody else decides.
    """
    if _meanings and _meanings[0] is not meaning:
        raise ValueError("two meanings for those who ring")
    _meanings[:] = [meaning]


def answer(caller: Caller, key: str, now: datetime) -> Answer:
    """What follows for this caller; without a registered meaning, the emergency number."""
    if key[:1] in _choices:
        return _choices[key[:1]].act(caller, key, now)
    if not _meanings:
        return Spoken("inbound_unmanned", {"number": settings.ENV.emergency_phone})
    return _meanings[0](caller, key, now)
