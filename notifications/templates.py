"""What is written and said, by name, in the person's own language.

Packages register theirs in a `messages` module, which is found at start. Texts are lazy
translations with %(name)s places, filled from a delivery's context.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from notifications.models import Delivery
from notifications.replies import Spoken

Text = str | Promise

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Template:
    """One message: to be read, to be heard, and what is asked for after it was heard."""

    text: Text = ""
    say: Sequence[Text] = ()
    ask: Sequence[Text] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    """What people write back to this question, and the key it stands for."""
    shared: str = ""
    """Which consent a contact is told this under (`people.Consent.Item`); "": needs none."""


class Speech(NamedTuple):
    """Sentences to say, then those that ask for a key, and the language they are in."""

    sentences: list[str]
    ask: list[str]
    language: str


_templates: dict[str, Template] = {}

_BETWEEN_SENTENCES: Mapping[str, str] = {"en": " "}
"""Chinese sentences stand without a space between them."""


def register(name: str, template: Template) -> None:
    """Give a name to a template.

    Raises:
        ValueError: another template has the name.
    """
    if _templates.get(name, template) != template:
        raise ValueError(f"two templates named {name}")
    _templates[name] = template


def is_registered(name: str) -> bool:
    """Whether there is such a template."""
    return name in _templates


def shared_under(name: str) -> str:
    """The consent that must be in force for a contact to be told this; "": none."""
    return _templates[name].shared if name in _templates else ""


def told_under(item: str) -> list[str]:
    """The templates that contacts are told under a consent."""
    return sorted(name for name, each in _templates.items() if each.shared == item)


def words_of(name: str) -> Mapping[str, str]:
    """Words that stand for keys in answers to this template, beside those that always do."""
    return _templates[name].words if name in _templates else {}


def render_text(delivery: Delivery, *, times_before: int = 0) -> str:
    """The text to send; a template without one is written as it is said.

    Carriers refuse the third identical text of a day, so a text that was sent before says so.
    Source: support.twilio.com 360016612253 (three identical texts in 24 h to one number).
    """
    template = _templates[delivery.template]
    values = _Values(delivery.context, secret=delivery.secret)
    with translation.override(delivery.language):
        if template.text:
            text = str(template.text) % values
        else:
            between = _BETWEEN_SENTENCES.get(delivery.language, "")
            text = between.join(_filled(template.say, values))
        if not times_before:
            return text
        return _("%(text)s (message %(number)s)") % {"text": text, "number": times_before + 1}


def render_speech(delivery: Delivery) -> Speech:
    """What is said when the person answers; a template without speech is read out."""
    template = _templates[delivery.template]
    values = _Values(delivery.context, secret=delivery.secret)
    with translation.override(delivery.language):
        sentences = _filled(template.say or [template.text], values)
        ask = _filled(template.ask, values) if delivery.asks else []
    return Speech(sentences, ask, delivery.language)


def render_spoken(spoken: Spoken, *, language: str, with_question: bool = False) -> list[str]:
    """The sentences that answer a key, and those that ask for the next one."""
    template = _templates[spoken.template]
    texts = [*(template.say or [template.text]), *(template.ask if with_question else [])]
    with translation.override(language):
        return _filled(texts, _Values(spoken.context))


class _Values(dict[str, str]):
    """The context; a place without a value stays empty, as half a message is better than none."""

    def __missing__(self, name: str) -> str:
        logger.error("a template has no value for %s", name)
        return ""


def _filled(texts: Sequence[Text], values: Mapping[str, str]) -> list[str]:
    return [str(text) % values for text in texts]


_GSM_SEPTETS: Mapping[str, int] = {
    **dict.fromkeys(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
        1,
    ),
    **dict.fromkeys("^{}\\[~]|€", 2),
}
"""Source: 3GPP TS 23.038, default alphabet and its extension table."""


def segments(text: str) -> int:
    """How many parts a text is sent and paid as. Source: 3GPP TS 23.040, 140-octet parts."""
    if all(sign in _GSM_SEPTETS for sign in text):
        return _parts(sum(_GSM_SEPTETS[sign] for sign in text), alone=160, joined=153)
    return _parts(len(text.encode("utf-16-be")) // 2, alone=70, joined=67)


def _parts(units: int, *, alone: int, joined: int) -> int:
    return 1 if units <= alone else -(-units // joined)
