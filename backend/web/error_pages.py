"""What is said when a page cannot be given: a page to people, RFC 9457 to programs.

Named in the URLconf as handler400 to handler500, and in the settings as CSRF_FAILURE_VIEW; Django
passes their arguments by name.
"""

import io
import logging
import secrets
import sys
from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from backend.core import problems
from backend.core.errors import DomainError
from backend.web.csp import content_security_policy

PROGRAM_PATHS = ("/api/", "/ingest/", "/hooks/")
logger = logging.getLogger(__name__)

HOMES = {"/desk/": "desk", "/care/": "care"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the request cannot be understood."""
    return _answer(
        request,
        status=HTTPStatus.BAD_REQUEST,
        code="malformed",
        title=gettext("This request was not understood"),
        text=gettext("Nothing was changed. Please go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403: not for this person."""
    return _answer(
        request,
        status=HTTPStatus.FORBIDDEN,
        code="not_allowed",
        title=gettext("This page is not open to you"),
        text=gettext("Nothing was changed. If you need it, please ask your team lead."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the page was open so long that its token is no longer valid."""
    return _answer(
        request,
        status=HTTPStatus.FORBIDDEN,
        code="csrf_failed",
        title=gettext("This page was open too long"),
        text=gettext("Nothing was sent. Please open the page again and repeat what you did."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: nothing there, or nothing for this person."""
    return _answer(
        request,
        status=HTTPStatus.NOT_FOUND,
        code="not_found",
        title=gettext("There is nothing here"),
        text=gettext("The address may be mistyped, or the page is no longer there."),
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """405: a button's address, opened as a page."""
    return _answer(
        request,
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        code="method_not_allowed",
        title=gettext("This address is no page"),
        text=gettext("Nothing was changed. Please go back and use the buttons of the page."),
    )


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What the domain refused, and no page has said in its own way."""
    answer = _answer(
        request,
        status=error.status,
        code=error.code,
        title=gettext("This was not done"),
        text=str(error),
    )
    for name, value in problems.headers(error).items():
        answer.headers[name] = value
    return answer


def of_body(
    scope: MutableMapping[str, Any], error: DomainError
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """What is said of a body that was not read, as `backend.core.bodies` wants it."""
    request = ASGIRequest(scope, io.BytesIO())
    with translation.override(translation.get_language_from_request(request)):
        answer = refused(request, error)
    answer.headers["Content-Security-Policy"] = content_security_policy(settings.ENV.map_tiles_url)
    headers = [(n.lower().encode(), v.encode()) for n, v in answer.headers.items()]
    return headers, answer.content


class SpokenRefusals:
    """Gives words to refusals that would have none: Django's bare 405, a domain's that got away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; say what was left unsaid."""
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponse) and not response.content
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not is_bare:
            return response
        spoken = method_not_allowed(request)
        spoken.headers["Allow"] = response.headers["Allow"]
        return spoken

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal is an answer, and no failure of ours."""
        return refused(request, error) if isinstance(error, DomainError) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; of what went wrong only a number is told, which stands in our log."""
    incident = secrets.token_hex(5)
    logger.error("incident %s: %s", incident, getattr(sys.exc_info()[0], "__name__", "unknown"))
    return _answer(
        request,
        incident=incident,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal_error",
        title=gettext("This did not work on our side"),
        text=gettext("We do not know if what you sent was kept. Please look before you repeat it."),
    )


def _answer(
    request: HttpRequest,
    *,
    status: HTTPStatus,
    code: str,
    title: str,
    text: str,
    incident: str = "",
) -> HttpResponse:
    if _is_program(request):
        told = problems.body(status, code, text, {"incident": incident} if incident else None)
        return JsonResponse(told, status=status, content_type=problems.CONTENT_TYPE)
    return HttpResponse(_error_page(request.path, status, title, text, incident), status=status)


def _is_program(request: HttpRequest) -> bool:
    if request.path.startswith(PROGRAM_PATHS):
        return True
    types = ["text/html", "application/json", problems.CONTENT_TYPE]
    return request.get_preferred_type(types) not in {"text/html", None}


def _error_page(path: str, status: HTTPStatus, title: str, text: str, incident: str) -> str:
    """Made without the request, so that it needs neither database nor session."""
    home = next((start for start in HOMES if path.startswith(start)), "/")
    return render_to_string(
        "web/error.html",
        {
            "base": f"web/{HOMES.get(home, 'elder')}_base.html",
            "home": home,
            "status": status.value,
            "title": title,
            "text": text,
            "incident": incident,
            "emergency_phone": settings.ENV.emergency_phone,
        },
    )
