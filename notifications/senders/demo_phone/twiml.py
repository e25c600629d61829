"""TwiML read into verbs: those of our own answers, and the plain ones around them.

Source: twilio.com/docs/voice/twiml (defaults of Gather, Pause, Redirect and Dial).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

GATHER_TIMEOUT_S = 5.0
FINISH_KEY = "#"
DIAL_TIMEOUT_S = 30.0


class BadTwiml(Exception):
    """The answer is no TwiML; Twilio says so to the caller and hangs up."""


@dataclass(frozen=True, slots=True)
class Say:
    """Read a text aloud."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait in silence."""

    length_s: float


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak, and collect keys for `action`; num_digits None means any number."""

    spoken: tuple[Say, ...]
    action: str
    method: str
    num_digits: int | None
    finish_key: str
    timeout_s: float
    action_on_empty_result: bool


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the TwiML at another address."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number to dial; what is said at `url` when somebody answers may hang up on the caller."""

    number: str
    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring numbers, all at once; connect to the first that answers, then go on at `action`."""

    action: str
    method: str
    timeout_s: float
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A text in answer to a text."""

    body: str


Verb = Say | Pause | Gather | Redirect | Hangup | Dial | Answer


def parse(document: str) -> list[Verb]:
    """The verbs of a document, those that say nothing here (Play, …) left out.

    Raises:
        BadTwiml: no XML, a document type, a number that is none, or no Response.
    """
    if "<!DOCTYPE" in document:
        raise BadTwiml("a document type is not allowed")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  our own answer, no DTD
        verbs = [_verb(element) for element in root]
    except (ElementTree.ParseError, ValueError) as error:
        raise BadTwiml(str(error)) from error
    if root.tag != "Response":
        raise BadTwiml(f"the root is {root.tag}, not Response")
    return [verb for verb in verbs if verb is not None]


def _verb(element: ElementTree.Element) -> Verb | None:
    """One verb, or None for one that makes no difference to a demo phone."""
    read = _READERS.get(element.tag)
    return read(element) if read else None


def _say(element: ElementTree.Element) -> Say:
    return Say(text=_text(element), language=element.get("language", "en-US"))


def _pause(element: ElementTree.Element) -> Pause:
    return Pause(length_s=float(element.get("length", "1")))


def _gather(element: ElementTree.Element) -> Gather:
    num_digits = element.get("numDigits")
    return Gather(
        spoken=tuple(_say(child) for child in element if child.tag == "Say"),
        action=element.get("action", ""),
        method=_method(element),
        num_digits=int(num_digits) if num_digits else None,
        finish_key=element.get("finishOnKey", FINISH_KEY),
        timeout_s=float(element.get("timeout", GATHER_TIMEOUT_S)),
        action_on_empty_result=element.get("actionOnEmptyResult", "false").lower() == "true",
    )


def _redirect(element: ElementTree.Element) -> Redirect:
    return Redirect(url=_text(element), method=_method(element))


def _hangup(_: ElementTree.Element) -> Hangup:
    return Hangup()


def _dial(element: ElementTree.Element) -> Dial:
    plain = (element.text or "").strip()
    return Dial(
        action=element.get("action", ""),
        method=_method(element),
        timeout_s=float(element.get("timeout", DIAL_TIMEOUT_S)),
        numbers=(
            *([Number(plain, "", "POST")] if plain else []),
            *(
                Number(_text(child), child.get("url", ""), _method(child))
                for child in element
                if child.tag == "Number"
            ),
        ),
    )


def _answer(element: ElementTree.Element) -> Answer:
    return Answer(body=_text(element))


def _method(element: ElementTree.Element) -> str:
    return element.get("method", "POST").upper()


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


_READERS: Mapping[str, Callable[[ElementTree.Element], Verb]] = {
    "Say": _say,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _hangup,
    "Dial": _dial,
    "Message": _answer,
}
