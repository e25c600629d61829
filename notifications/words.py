"""What people write, understood: a key, a choice of the menu, "stop", "start" or "help"."""

import re
import unicodedata
from collections.abc import Mapping

_FILLER = re.compile(r"[\s.,!?;:'\"“”‘’。,!?、;:~…()\[\]<>《》-]+")

KEY_WORDS: Mapping[str, frozenset[str]] = {
    "1": frozenset(
        {"1", "一", "我去", "我来", "马上去", "马上到", "我马上去", "我马上到", "在路上", "好我去"}
        | {"going", "iamgoing", "imgoing", "onmyway", "yesiamgoing"}
    ),
    "2": frozenset(
        {"2", "二", "去不了", "我去不了", "不能去", "不去", "没空", "来不了", "不行"}
        | {"no", "cannot", "cant", "icannot", "icant"}
    ),
    "3": frozenset(
        {"3", "三", "通知我", "告诉我", "随时告诉我"}
        | {"informed", "stayinformed", "keepmeinformed"}
    ),
    "0": frozenset({"0", "零", "人工", "转人工", "person", "speaktoaperson"}),
}

STOP_WORDS = frozenset(
    {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"}
    | {"td", "t", "停止", "退订"}
)
"""Source: Twilio's opt-out words (facts, section 2), and 退订, TD as mainland carriers use them."""
START_WORDS = frozenset({"start", "unstop", "恢复", "重新订阅"})
HELP_WORDS = frozenset({"sos", "help", "救命", "求助", "救我", "帮帮我", "来人"})

CHOICE_WORDS: Mapping[str, frozenset[str]] = {
    "2": frozenset({"服务", "要服务", "我要服务", "订餐", "service", "services"}),
    "3": frozenset(
        {"今天", "今天谁来", "谁来", "什么时候来", "下次", "today", "visit", "nextvisit"}
    ),
    "9": frozenset(
        {"平安", "报平安", "我很好", "我没事", "很好", "没事"}
        | {"ok", "okay", "iamok", "imok", "iamfine"}
    ),
    "0": frozenset({"人工", "找人", "转人工", "接线员", "operator", "person"}),
}
"""Words for the keys of the menu, from people who write without being asked."""
ANSWERS_AS_WELL = frozenset({"ok", "okay", "很好", "没事"})
"""To who was just asked something, these mean that question."""

_CHOICES = {word: key for key, words in CHOICE_WORDS.items() for word in words}
_KEYS = {word: key for key, words in KEY_WORDS.items() for word in words}


def plain(text: str) -> str:
    """The text without full-width forms, punctuation, spaces and capitals."""
    return _FILLER.sub("", unicodedata.normalize("NFKC", text)).lower()


def key_of(text: str, *, also: Mapping[str, str] | None = None) -> str:
    """The key a text stands for, or ""; `also` are words that mean a key on this question.

    A digit with other words after it counts only if they say the same: somebody who writes
    "1号楼哪个门?" is not on the way.
    """
    keys = {**_KEYS, **(also or {})}
    said = plain(text)
    key, words = keys.get(said[:1], ""), said[1:]
    if key and words and key == said[:1]:
        return key if keys.get(words) == key else ""
    return keys.get(said, "")


def choice_of(text: str, *, is_asked: bool) -> str:
    """The key of the menu that a text stands for, or ""; a digit alone answers what was asked."""
    said = plain(text)
    if is_asked:
        return "" if said in ANSWERS_AS_WELL else _CHOICES.get(said, "")
    return said if len(said) == 1 and said.isdecimal() else _CHOICES.get(said, "")


def wants_stop(text: str) -> bool:
    """Whether no routine messages are wanted any more."""
    return plain(text) in STOP_WORDS


def wants_start(text: str) -> bool:
    """Whether they are wanted again."""
    return plain(text) in START_WORDS


def wants_help(text: str) -> bool:
    """Whether it is a cry for help."""
    return plain(text) in HELP_WORDS
