"""The doors by which a person, a page or a test uses the demo's telephones.

`server.py` lists them.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from notifications.senders.demo_phone.asgi import Reply, Request, problem
from notifications.senders.demo_phone.exchange import (
    ApiTrouble,
    Behaviour,
    Call,
    Phone,
    Trouble,
    happens,
)
from notifications.senders.demo_phone.telephony import NobodyToCall, Telephony

PREFIX = "/demo/v1"
LONGEST_WAIT_S = 25.0
Act = Callable[[str, Mapping[str, object]], Reply]
ChoiceT = TypeVar("ChoiceT", bound=StrEnum)
_KEYS = re.compile(r"[0-9*#]{1,32}")
_PHONE_PATH = re.compile(rf"{PREFIX}/phones/(?P<number>[^/]+)(?:/(?P<door>\w+))?/?")


class Refused(Exception):
    """A refusal of a demo door."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title


class DemoDoors:
    """Answers what is asked under /demo/v1."""

    def __init__(self, telephony: Telephony) -> None:
        self._telephony = telephony
        self._exchange = telephony.exchange
        self._acts: Mapping[tuple[str, str], Act] = {
            ("POST", "keys"): self._press_keys,
            ("POST", "answer"): self._answer_call,
            ("POST", "hangup"): self._hang_up,
            ("POST", "texts"): self._write,
            ("PUT", "behaviour"): self._behave,
        }

    async def answer(self, request: Request) -> Reply:
        """The answer to any request under /demo/v1."""
        try:
            return await self._answer(request)
        except Refused as error:
            return problem(error.status, error.code, error.title)
        except NobodyToCall:
            return problem(409, "nobody_to_call", "The service has not rung or written yet.")

    async def _answer(self, request: Request) -> Reply:
        path = request.path.rstrip("/")
        if path == f"{PREFIX}/phones" and request.method == "GET":
            return self._list_phones()
        if path == f"{PREFIX}/events" and request.method == "GET":
            return await self._all_events(request.query)
        if path == f"{PREFIX}/trouble" and request.method == "PUT":
            return self._make_trouble(_read_object(request))
        match = _PHONE_PATH.fullmatch(request.path)
        if match is None:
            raise Refused(404, "not_found", "There is no such door.")
        number = _read_number(match["number"])
        if (request.method, match["door"]) == ("GET", "events"):
            return await self._events(number, request.query)
        act = self._acts.get((request.method, match["door"]))
        if act is None:
            raise Refused(404, "not_found", "There is no such door.")
        return act(number, _read_object(request))

    def _list_phones(self) -> Reply:
        labels = self._labels()
        numbers = dict.fromkeys([*labels, *self._exchange.phones])
        return Reply(200, {"phones": [self._describe(n, labels.get(n, "")) for n in numbers]})

    def _describe(self, number: str, label: str) -> dict[str, object]:
        call = self._exchange.open_call(number)
        return {
            "number": number,
            "label": label,
            "call_sid": call.sid if call else None,
            "call_status": call.status if call else None,
        }

    def _labels(self) -> dict[str, str]:
        """Names for the telephones, from the file that the demo's seed writes."""
        path = self._telephony.settings.labels
        if path is None or not path.is_file():
            return {}
        return {entry["number"]: entry["label"] for entry in json.loads(path.read_text("utf-8"))}

    async def _all_events(self, query: Mapping[str, list[str]]) -> Reply:
        since, wait_s = _read_cursor(query)
        exchange = self._telephony.exchange
        news = exchange.news
        if wait_s > 0 and not exchange.events_after(since):
            await happens(news, timeout_s=wait_s)
        events = exchange.events_after(since)
        return Reply(200, {"events": [e.document() | {"number": e.number} for e in events]})

    async def _events(self, number: str, query: Mapping[str, list[str]]) -> Reply:
        since, wait_s = _read_cursor(query)
        phone = self._exchange.phone(number)
        news = phone.news
        if wait_s > 0 and not _events_after(phone, since):
            await happens(news, timeout_s=wait_s)
        return Reply(200, {"events": _events_after(phone, since)})

    def _press_keys(self, number: str, wanted: Mapping[str, object]) -> Reply:
        """Press keys, answering first; a person may also dial, and press then."""
        keys = _read_keys(wanted)
        if wanted.get("dial") is True:
            call = self._telephony.dial(number)
        else:
            call = self._named_call(number, wanted)
            call.answered.set()
        call.keypad.press(keys)
        return Reply(202, {"call_sid": call.sid})

    def _answer_call(self, number: str, wanted: Mapping[str, object]) -> Reply:
        call = self._named_call(number, wanted)
        call.answered.set()
        return Reply(202, {"call_sid": call.sid})

    def _hang_up(self, number: str, wanted: Mapping[str, object]) -> Reply:
        """Hang up, or turn a ringing call away."""
        call = self._named_call(number, wanted)
        call.end("completed" if call.answered.is_set() else "busy")
        return Reply(202, {"call_sid": call.sid})

    def _write(self, number: str, wanted: Mapping[str, object]) -> Reply:
        body = wanted.get("body")
        if not isinstance(body, str) or not body.strip():
            raise Refused(422, "body_missing", "A text needs a body.")
        return Reply(202, {"message_sid": self._telephony.hand_in(number, body).sid})

    def _behave(self, number: str, wanted: Mapping[str, object]) -> Reply:
        behaviour = _read_choice(Behaviour, wanted.get("behaviour"))
        self._exchange.phone(number).behaviour = behaviour
        return Reply(200, {"number": number, "behaviour": behaviour})

    def _make_trouble(self, wanted: Mapping[str, object]) -> Reply:
        """Start the trouble asked for in place of any other; `{}` ends it."""
        for_s = wanted.get("for_s", 0)
        if not isinstance(for_s, int | float):
            raise Refused(422, "not_a_number", "for_s must be a number of seconds.")
        trouble = Trouble(
            api=_read_choice(ApiTrouble, wanted.get("api", ApiTrouble.NONE)),
            until=time.monotonic() + for_s,
            duplicate_callbacks=wanted.get("duplicate_callbacks") is True,
            reverse_callbacks=wanted.get("reverse_callbacks") is True,
        )
        self._exchange.trouble = trouble
        return Reply(200, {"api": trouble.api, "for_s": for_s})

    def _named_call(self, number: str, wanted: Mapping[str, object]) -> Call:
        """The call with the given sid at this telephone, else the newest open one."""
        sid = wanted.get("call_sid")
        call = self._exchange.calls.get(str(sid)) if sid else self._exchange.open_call(number)
        if call is None or call.phone != number:
            raise Refused(404, "no_call", "There is no such call at this telephone.")
        if not call.is_open():
            raise Refused(409, "call_over", "The call is over.")
        return call


def _events_after(phone: Phone, since: int) -> list[dict[str, object]]:
    return [event.document() for event in phone.events if event.seq > since]


def _read_cursor(query: Mapping[str, list[str]]) -> tuple[int, float]:
    """After which event, and how long to wait for one."""
    return int(_read_amount(query, "since")), min(_read_amount(query, "wait"), LONGEST_WAIT_S)


def _read_number(written: str) -> str:
    """A number as in the path: with its plus, or without."""
    number = "+" + written.strip().removeprefix("+")
    if not number[1:].isdecimal():
        raise Refused(404, "no_phone", "That is no telephone number.")
    return number


def _read_object(request: Request) -> Mapping[str, object]:
    try:
        value = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused(400, "not_json", "The body is no JSON.") from error
    if not isinstance(value, dict):
        raise Refused(400, "not_an_object", "The body is no JSON object.")
    return value


def _read_keys(wanted: Mapping[str, object]) -> str:
    """The keys to press, full-width ones too; none only together with `dial`."""
    keys = unicodedata.normalize("NFKC", str(wanted.get("digits") or ""))
    if not keys and wanted.get("dial") is True:
        return ""
    if not _KEYS.fullmatch(keys):
        raise Refused(422, "no_keys", "Keys are digits, * and #.")
    return keys


def _read_amount(query: Mapping[str, list[str]], name: str) -> float:
    try:
        return float(query.get(name, ["0"])[0])
    except ValueError as error:
        raise Refused(422, "not_a_number", f"{name} must be a number.") from error


def _read_choice(choices: type[ChoiceT], value: object) -> ChoiceT:
    try:
        return choices(str(value))
    except ValueError as error:
        known = ", ".join(choices)
        raise Refused(422, "unknown_choice", f"One of {known}.") from error
