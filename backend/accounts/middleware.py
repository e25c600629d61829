"""No view is served without a declared permission; sessions are noted as used, and carried on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from backend.accounts import sessions
from backend.core import clock, problems
from backend.core.errors import NotAllowed

GetResponse = Callable[[HttpRequest], HttpResponseBase]
DECLARED = "declared_access"
"""Attribute that `backend.accounts.doors` sets on a view function."""


class CarriedSessionMiddleware(SessionMiddleware):
    """Leaves the cookie of a session that got a new key while the page asked for something else.

    Django takes away the cookie of a key that it does not know. What a page asked just before its
    session got a new key is answered after the new cookie came, and would take that one away.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Take the cookie away from those only who signed out."""
        session = request.session
        if session.is_empty() and not session.modified:
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)  # type: ignore[arg-type]


class SessionUseMiddleware:
    """Notes that a person used their session; what a page asks by itself (htmx) is no use."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on, then note."""
        response = self.get_response(request)
        by_itself = request.method == "GET" and "HX-Request" in request.headers
        if not by_itself and sessions.is_signed_in(request):
            sessions.note_use(request, now=clock.now())
        return response


class DenyByDefaultMiddleware:
    """Refuses a view that declares nothing; DRF views declare through their permissions."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self,
        _request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: object,
        _kwargs: object,
    ) -> HttpResponse | None:
        """Refuse a view function without a declaration."""
        if hasattr(view, DECLARED) or hasattr(view, "cls"):
            return None
        answer = problems.response(NotAllowed())
        answer.status_code = HTTPStatus.FORBIDDEN
        return answer
