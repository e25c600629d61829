"""What Twilio says on the phone, as TwiML. Pure: sentences in, XML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

ANSWER_TIMEOUT_S = 8
"""Silence after the last sentence before the question counts as unanswered.

Longer than Twilio's 5 s, as older people take longer to find a key.
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """A language tag and a voice that Twilio takes together."""

    language: str
    name: str


MANDARIN = Voice("cmn-CN", "Polly.Zhiyu")
CANTONESE = Voice("yue-CN", "Polly.Hiujin-Neural")
ENGLISH = Voice("en-US", "Polly.Joanna")

VOICES: Mapping[str, Voice] = {
    "zh": MANDARIN,
    "cmn": MANDARIN,
    "wuu": MANDARIN,
    "yue": CANTONESE,
    "en": ENGLISH,
}
"""By primary language; there is no Wu voice, and Wu speakers understand Mandarin.

Source: docs.aws.amazon.com/polly available-voices. A pair that does not fit fails
the Say, so language and voice are only ever chosen together.
"""

CHINESE_VOICES: Mapping[str, Voice] = {"cantonese": CANTONESE}
"""By dialect, for those who are written to in Chinese."""


def voice_for(language: str, dialect: str = "") -> Voice:
    """The voice for a BCP 47 tag (zh-hans, yue, en-GB) and a dialect; Mandarin if unknown."""
    voice = VOICES.get(language.lower().partition("-")[0], MANDARIN)
    return CHINESE_VOICES.get(dialect, voice) if voice is MANDARIN else voice


def ask(*, sentences: Sequence[str], voice: Voice, action_url: str) -> str:
    """Say the sentences and wait for one key, which goes to `action_url`.

    A key stops the speech. Silence goes to `action_url` too, without digits, so that
    nobody is hung up on without our knowing.
    """
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=ANSWER_TIMEOUT_S,
        action=action_url,
        method="POST",
        action_on_empty_result=True,
    )
    for sentence in sentences:
        gather.say(sentence, voice=voice.name, language=voice.language)
    return str(response)


def say_goodbye(*, sentences: Sequence[str], voice: Voice) -> str:
    """Say the sentences and hang up."""
    response = VoiceResponse()
    for sentence in sentences:
        response.say(sentence, voice=voice.name, language=voice.language)
    response.hangup()
    return str(response)


def connect(
    *,
    sentences: Sequence[str],
    voice: Voice,
    numbers: Mapping[str, str],
    action_url: str,
    timeout_s: int,
) -> str:
    """Say the sentences, then ring `numbers` at once, each with the address of what is said there.

    The first to take the receiver up stops the others, and is connected unless what is said to
    them ends in hanging up; then, or after `timeout_s`, the call goes on at `action_url`.
    Source: twilio.com/docs/voice/twiml/number (ten numbers at most).
    """
    response = VoiceResponse()
    for sentence in sentences:
        response.say(sentence, voice=voice.name, language=voice.language)
    dial = response.dial(action=action_url, method="POST", timeout=timeout_s)
    for number, url in numbers.items():
        dial.number(number, url=url, method="POST")
    return str(response)


def go_on() -> str:
    """Nothing more is said to whom a caller is put through to: they are connected."""
    return str(VoiceResponse())


def hang_up() -> str:
    """Hang up without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def no_reply() -> str:
    """The answer to a text that needs none."""
    return str(VoiceResponse())


def spoken_digits(number: str) -> str:
    """The digits one by one, in groups of four from the end as people read them out.

    A mainland number goes without its +86; what is no digit goes too.
    """
    digits = "".join(mark for mark in number.removeprefix("+86") if mark.isdecimal())
    cuts = range(len(digits) % 4, len(digits) + 1, 4)
    groups = [digits[max(0, cut - 4) : cut] for cut in cuts]
    return ", ".join(" ".join(group) for group in groups if group)
