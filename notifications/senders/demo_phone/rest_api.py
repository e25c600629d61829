"""Twilio's REST API, as far as texts and calls go, in Twilio's own forms.

Source: twilio.com/docs/voice/api/call-resource, messaging/api/message-resource and
iam/test-credentials (numbers that answer with an error, here for `To`).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from notifications.senders.demo_phone.asgi import Reply, Request
from notifications.senders.demo_phone.calls import API_VERSION, duration_s
from notifications.senders.demo_phone.exchange import (
    ApiTrouble,
    Call,
    Script,
    Text,
    new_sid,
)
from notifications.senders.demo_phone.settings import Settings
from notifications.senders.demo_phone.telephony import Telephony

PAGE_SIZE = 50
BODY_LIMIT = 1600
SILENCE_S = 60.0
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_PATH = re.compile(
    rf"/{API_VERSION}/Accounts/(?P<account>\w+)/(?P<kind>Calls|Messages)(?:/(?P<sid>\w+))?\.json"
)

TEXT_MAGIC: Mapping[str, tuple[int, str]] = {
    "+15005550001": (21211, "Invalid 'To' Phone Number"),
    "+15005550002": (21612, "No route between the 'To' and 'From' numbers"),
    "+15005550003": (21408, "No permission to send to this region"),
    "+15005550004": (21610, "The recipient has unsubscribed"),
    "+15005550009": (21614, "'To' number is not a valid mobile number"),
}
CALL_MAGIC: Mapping[str, tuple[int, str]] = {
    "+15005550001": (21217, "Phone number does not appear to be valid"),
    "+15005550002": (21214, "'To' phone number cannot be reached"),
    "+15005550003": (21215, "Account not authorized to call this number"),
    "+15005550004": (21216, "Call blocked by Twilio blocklist"),
}


class ApiRefusal(Exception):
    """A refusal with Twilio's code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def reply(self) -> Reply:
        """The refusal as Twilio writes it."""
        document = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return Reply(self.status, document)


class RestApi:
    """Answers what the Twilio client asks."""

    def __init__(self, telephony: Telephony) -> None:
        self._telephony = telephony
        self._exchange = telephony.exchange
        self._settings = telephony.settings

    async def answer(self, request: Request) -> Reply:
        """The answer to any request under the API's version."""
        trouble = self._exchange.trouble.of_the_api()
        if trouble is ApiTrouble.UNAVAILABLE:
            return ApiRefusal(503, 20503, "Service unavailable").reply()
        if trouble is ApiTrouble.TOO_MANY:
            return ApiRefusal(429, 20429, "Too many requests").reply()
        if trouble is ApiTrouble.SILENT:
            await asyncio.sleep(SILENCE_S)
        try:
            reply = self._answer(request)
        except ApiRefusal as error:
            return error.reply()
        except ValueError as error:
            return ApiRefusal(400, 20001, f"Invalid parameter: {error}").reply()
        if trouble is ApiTrouble.ANSWER_LOST:
            await asyncio.sleep(SILENCE_S)
        return reply

    def _answer(self, request: Request) -> Reply:
        match = _PATH.fullmatch(request.path)
        if match is None:
            raise _not_found(request.path)
        check_account(request, match["account"], self._settings)
        sid, is_call = match["sid"], match["kind"] == "Calls"
        if request.method == "POST" and sid is None:
            created = self._create_call(request) if is_call else self._create_text(request)
            return Reply(201, created)
        if request.method == "POST" and is_call:
            return Reply(200, self._update_call(request, self._call(sid)))
        if request.method != "GET":
            raise ApiRefusal(405, 20004, "Method not allowed")
        if sid is None:
            return Reply(200, self._list_calls(request) if is_call else self._list_texts(request))
        return Reply(200, self._describe_call(self._call(sid)) if is_call else self._text(sid))

    def _create_call(self, request: Request) -> dict[str, object]:
        form = Form(request)
        to = form.number("To", missing=21201, magic=CALL_MAGIC)
        script = Script(
            url=form.one("Url"),
            method=form.one("Method", "POST"),
            document=form.one("Twiml") or None,
        )
        if not script.url and not script.document:
            raise ApiRefusal(400, 21205, "Url parameter is required.")
        call = Call(
            sid=new_sid("CA"),
            to=to,
            sender=form.required("From", missing=21213),
            phone=to,
            script=script,
            callback_url=form.one("StatusCallback") or None,
            callback_events=frozenset(form.all("StatusCallbackEvent") or ["completed"]),
            ring_timeout_s=float(form.one("Timeout", "60")),
        )
        self._telephony.ring(call)
        return self._describe_call(call)

    def _create_text(self, request: Request) -> dict[str, object]:
        form = Form(request)
        to = form.number("To", missing=21604, magic=TEXT_MAGIC)
        body = form.required("Body", missing=21602)
        if len(body) > BODY_LIMIT:
            raise ApiRefusal(400, 21617, "The concatenated message body exceeds the limit.")
        text = Text(
            sid=new_sid("SM"),
            to=to,
            sender=form.required("From", missing=21603),
            body=body,
            callback_url=form.one("StatusCallback") or None,
        )
        self._telephony.deliver(text)
        return self._describe_text(text)

    def _update_call(self, request: Request, call: Call) -> dict[str, object]:
        """End a call, or give it other words."""
        form = Form(request)
        if not call.is_open():
            raise ApiRefusal(400, 21220, "Call is not in-progress. Cannot redirect.")
        status = form.one("Status")
        if status in {"completed", "canceled"}:
            call.end("completed" if call.answered_at else "canceled")
        elif form.one("Url") or form.one("Twiml"):
            call.redirect(
                Script(
                    url=form.one("Url"),
                    method=form.one("Method", "POST"),
                    document=form.one("Twiml") or None,
                )
            )
        else:
            raise ApiRefusal(400, 21218, "Nothing to change.")
        return self._describe_call(call)

    def _list_calls(self, request: Request) -> dict[str, object]:
        found = (
            self._describe_call(call)
            for call in reversed(self._exchange.calls.values())
            if _is_asked_for(request, to=call.to, sender=call.sender)
            and _is_in_time(request, "StartTime", call.created_at)
        )
        return _page(request, "calls", found)

    def _list_texts(self, request: Request) -> dict[str, object]:
        found = (
            self._describe_text(text)
            for text in reversed(self._exchange.texts.values())
            if _is_asked_for(request, to=text.to, sender=text.sender)
            and _is_in_time(request, "DateSent", text.sent_at or text.created_at)
        )
        return _page(request, "messages", found)

    def _call(self, sid: str) -> Call:
        call = self._exchange.calls.get(sid)
        if call is None:
            raise _not_found(sid)
        return call

    def _text(self, sid: str) -> dict[str, object]:
        text = self._exchange.texts.get(sid)
        if text is None:
            raise _not_found(sid)
        return self._describe_text(text)

    def _describe_call(self, call: Call) -> dict[str, object]:
        return {
            "sid": call.sid,
            "parent_call_sid": call.parent_sid,
            "account_sid": self._settings.account_sid,
            "to": call.to,
            "from": call.sender,
            "direction": call.direction,
            "status": call.status,
            "date_created": format_datetime(call.created_at),
            "date_updated": format_datetime(call.ended_at or call.created_at),
            "start_time": _date(call.answered_at),
            "end_time": _date(call.ended_at),
            "duration": str(duration_s(call)) if call.ended_at else None,
            "price": None,
            "price_unit": "USD",
            "api_version": API_VERSION,
            "uri": f"/{API_VERSION}/Accounts/{self._settings.account_sid}/Calls/{call.sid}.json",
        }

    def _describe_text(self, text: Text) -> dict[str, object]:
        return {
            "sid": text.sid,
            "account_sid": self._settings.account_sid,
            "to": text.to,
            "from": text.sender,
            "body": text.body,
            "direction": "inbound" if text.inbound else "outbound-api",
            "status": text.status,
            "num_segments": "1",
            "num_media": "0",
            "date_created": format_datetime(text.created_at),
            "date_updated": format_datetime(text.sent_at or text.created_at),
            "date_sent": _date(text.sent_at),
            "error_code": text.error_code,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "api_version": API_VERSION,
            "uri": f"/{API_VERSION}/Accounts/{self._settings.account_sid}/Messages/{text.sid}.json",
        }


class Form:
    """The fields of a request, checked with Twilio's codes."""

    def __init__(self, request: Request) -> None:
        self._fields = request.form()

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return self._fields.get(name, [])

    def one(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return self._fields.get(name, [default])[0]

    def required(self, name: str, *, missing: int) -> str:
        """A field that must be there; raises ApiRefusal."""
        value = self.one(name)
        if not value:
            raise ApiRefusal(400, missing, f"No '{name}' is specified")
        return value

    def number(self, name: str, *, missing: int, magic: Mapping[str, tuple[int, str]]) -> str:
        """A telephone number; raises ApiRefusal, for the numbers in `magic` always."""
        number = self.required(name, missing=missing)
        if not _NUMBER.fullmatch(number):
            raise ApiRefusal(400, 21211, f"Invalid '{name}' Phone Number: {number}")
        if number in magic:
            code, message = magic[number]
            raise ApiRefusal(400, code, message)
        return number


def check_account(request: Request, account_sid: str, settings: Settings) -> None:
    """Raises ApiRefusal unless the request is signed in to its own account."""
    wanted = f"{settings.account_sid}:{settings.auth_token}".encode()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        offered = base64.b64decode(given, validate=True)
    except binascii.Error:
        offered = b""
    same = hmac.compare_digest(offered, wanted)
    if scheme.lower() != "basic" or not same or account_sid != settings.account_sid:
        raise ApiRefusal(401, 20003, "Authenticate")


def _not_found(name: str) -> ApiRefusal:
    return ApiRefusal(404, 20404, f"The requested resource {name} was not found")


def _is_asked_for(request: Request, *, to: str, sender: str) -> bool:
    wanted_to = request.query.get("To", [to])[0]
    wanted_sender = request.query.get("From", [sender])[0]
    return wanted_to == to and wanted_sender == sender


def _is_in_time(request: Request, name: str, at: datetime) -> bool:
    """Whether `at` is between the day or time of `name>` and that of `name<`."""
    written = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    after = request.query.get(f"{name}>", [""])[0]
    before = request.query.get(f"{name}<", ["9"])[0]
    return after <= written <= before


def _page(request: Request, kind: str, found: Iterable[dict[str, object]]) -> dict[str, object]:
    size = min(int(request.query.get("PageSize", [str(PAGE_SIZE)])[0]), 1000)
    number = int(request.query.get("Page", ["0"])[0])
    everything = list(found)
    start = number * size
    shown = everything[start : start + size]
    more = len(everything) > start + size
    filters = {name: values for name, values in request.query.items() if name != "Page"}
    following = urlencode({**filters, "Page": number + 1}, doseq=True)
    return {
        kind: shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": request.path,
        "first_page_uri": f"{request.path}?PageSize={size}&Page=0",
        "next_page_uri": f"{request.path}?{following}" if more else None,
        "previous_page_uri": None,
    }


def _date(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None
