"""Twilio's side of the hooks: signed posts, and what their answers say."""

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from twilio.request_validator import RequestValidator

from backend.core import clock
from notifications.models import Attempt
from tests.builders import NOON

HOOKS = "/hooks/v1/twilio"


def post(path: str, *, signature: str | None = None, **form: str) -> Any:
    """Post a form to a hook at noon as Twilio would; `signature` replaces the right one."""
    return post_at(NOON, path, signature=signature, **form)


def post_at(at: datetime, path: str, *, signature: str | None = None, **form: str) -> Any:
    """The same at another time."""
    given = {"AccountSid": settings.ENV.twilio_account_sid, **form}
    address = settings.ENV.public_url + HOOKS + path
    right = RequestValidator(settings.ENV.twilio_auth_token).compute_signature(address, given)
    headers = {"X-Twilio-Signature": right if signature is None else signature}
    with clock.set_to(at):
        return Client(enforce_csrf_checks=True).post(HOOKS + path, given, headers=headers)


def answer(attempt: Attempt) -> HttpResponse:
    """Somebody takes the receiver up."""
    answered: HttpResponse = post(f"/voice/{attempt.pk}", CallSid="CA1", CallStatus="in-progress")
    return answered


def press(attempt: Attempt, digits: str, *, asked: int = 1, at: datetime = NOON) -> HttpResponse:
    """A key is pressed, or "" none, after the question was asked so often."""
    form = {"CallSid": "CA1", **({"Digits": digits} if digits else {})}
    pressed: HttpResponse = post_at(at, f"/gather/{attempt.pk}?asked={asked}", **form)
    return pressed


def said(response: HttpResponse) -> list[str]:
    """The sentences of a TwiML answer."""
    assert response.status_code == 200, response.content
    return [unescape(text) for text in re.findall(r"<Say[^>]*>(.*?)</Say>", _text(response))]


def listens(response: HttpResponse) -> str:
    """Where the next key goes, or "" when the call ends."""
    action = re.search(r'<Gather[^>]* action="([^"]*)"', _text(response))
    assert action or "<Hangup" in _text(response)
    return unescape(action[1]) if action else ""


def _text(response: HttpResponse) -> str:
    return response.content.decode()
