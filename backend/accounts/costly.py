"""Doors that cost much or show many: how often an account may use them.

Nothing of an emergency stands behind these: neither the doors of devices and of the red button,
nor the pages and the API of a call.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backend.accounts import limits
from backend.accounts.actors import Actor
from backend.accounts.errors import TooManyAttempts
from backend.accounts.limits import Limit
from backend.core import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
When = Callable[[HttpRequest], bool]

SEARCHES = Limit("searches", 240, timedelta(minutes=1))
"""Four a second: more than anybody types, less than a program that reads a district by surnames."""
TABLES_IN = Limit("tables in", 30, timedelta(hours=1))
TABLES_OUT = Limit("tables out", 30, timedelta(hours=1))
PLANS = Limit("plans", 60, timedelta(hours=1))
"""Each takes a processor for up to half a minute."""


def searched(request: HttpRequest) -> bool:
    """Something is looked for, and not an empty field shown."""
    return bool(request.GET.get("q"))


def posted(request: HttpRequest) -> bool:
    """Something was sent."""
    return request.method == "POST"


def always(_request: HttpRequest) -> bool:
    """Each time."""
    return True


def costly(limit: Limit, *, when: When) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Below `@page`: the account's uses are counted, and beyond the limit it is told to wait."""

    def declare(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(
            request: HttpRequest, actor: Actor, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if when(request):
                try:
                    limits.take(limit, actor.reference, now=clock.now())
                except TooManyAttempts as error:
                    return _wait(request, error)
            return view(request, actor, *args, **kwargs)

        return counted

    return declare


def _wait(request: HttpRequest, error: TooManyAttempts) -> HttpResponse:
    answer = render(
        request,
        "accounts/too_often.html",
        {"text": str(error)},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    answer.headers["Retry-After"] = str(error.data["retry_after_s"])
    return answer
