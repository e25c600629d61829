"""RFC 9457: every error an API answers is `application/problem+json` with a stable code."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import django.core.exceptions
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from backend.core.errors import DomainError, Invalid, NotFound, TooLarge, Unavailable

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 3

logger = logging.getLogger(__name__)


def body(
    status: int, code: str, detail: str, extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of a problem: type, title, status, code, detail, and what the error names."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **(extra or {}),
    }


def of_domain_error(error: DomainError) -> dict[str, Any]:
    """The problem of a refusal."""
    return body(error.status, error.code, str(error), error.data)


def response(error: DomainError) -> JsonResponse:
    """A refusal as a plain Django answer, for views that are not DRF's."""
    return JsonResponse(
        of_domain_error(error),
        status=error.status,
        content_type=CONTENT_TYPE,
        headers=headers(error),
    )


def headers(error: DomainError) -> dict[str, str]:
    """What an answer to a refusal says beside its words: when to come again, how to sign in."""
    if error.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_S)}
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return {"Retry-After": str(error.data.get("retry_after_s", RETRY_AFTER_S))}
    return {}


_CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ValidationError: "invalid",
    exceptions.ParseError: "malformed",
    exceptions.AuthenticationFailed: "bad_credentials",
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
}


def exception_handler(error: Exception, _context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's hook: any exception as a problem; None lets an unknown one become a 500."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, django.core.exceptions.PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, django.core.exceptions.ValidationError):
        error = Invalid()  # a key that is no key, asked of the database
    elif isinstance(error, django.core.exceptions.RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, OperationalError | InterfaceError):
        logger.warning("database unavailable: %s", type(error).__name__)
        error = Unavailable()
    if isinstance(error, DomainError):
        set_rollback()
        return _drf(of_domain_error(error), error.status, headers(error))
    if isinstance(error, exceptions.APIException):
        set_rollback()
        return _of_api_exception(error)
    return None


def _of_api_exception(error: exceptions.APIException) -> Response:
    code = _CODES.get(type(error), "refused")
    if isinstance(error, exceptions.ValidationError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        told = {"fields": _by_field(error.get_codes()), "errors": _by_field(error.detail)}
        answer = _drf(body(status, code, str(Invalid.message), told), status)
    else:
        answer = _drf(body(error.status_code, code, _sentence(error)), error.status_code)
    for header, attribute in (("WWW-Authenticate", "auth_header"), ("Retry-After", "wait")):
        value = getattr(error, attribute, None)
        if value:
            answer[header] = str(value)
    return answer


def _sentence(error: exceptions.APIException) -> str:
    """Where a body breaks off is told by no sentence of ours, and in one language only."""
    if isinstance(error, exceptions.ParseError):
        return str(exceptions.ParseError.default_detail)
    return str(error.detail)


def _by_field(told: Any) -> dict[str, Any]:
    """Codes or sentences by field, as `Invalid` names them too."""
    return told if isinstance(told, dict) else {"non_field_errors": told}


def _drf(
    data: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(data, status=status, headers=headers, content_type=CONTENT_TYPE)
