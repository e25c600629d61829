"""Every refusal of an API is a problem with a stable code."""

from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import Http404
from django.utils import translation
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from backend.accounts.errors import BadCredentials, TooManyAttempts
from backend.accounts.permissions import Open
from backend.core import problems
from backend.core.errors import Invalid, NotAllowed, NotFound, Unavailable


class Failing(APIView):
    """A view that fails as it is told."""

    permission_classes = [Open]
    authentication_classes = []
    open_because = "a test"
    error: Exception = NotFound()

    def get(self, _request: Request) -> Response:
        """Fail."""
        raise self.error


def answer_to(error: Exception) -> Response:
    """What the API answers when a view raises this."""
    response = Failing.as_view(error=error)(APIRequestFactory().get("/"))
    assert isinstance(response, Response)
    response.render()
    return response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (NotAllowed(), 403, "not_allowed"),
        (PermissionDenied(), 403, "not_allowed"),
        (Invalid(fields={"name": ["blank"]}), 422, "invalid"),
        (exceptions.ValidationError({"name": ["blank"]}), 422, "invalid"),
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (BadCredentials(), 401, "bad_credentials"),
        (TooManyAttempts(retry_after_s=42, minutes=1), 429, "too_many_requests"),
        (RequestDataTooBig(), 413, "too_large"),
        (ValidationError("not a UUID"), 422, "invalid"),
        (OperationalError("server closed the connection"), 503, "unavailable"),
    ],
)
def test_an_error_has_its_status_its_code_and_the_form_of_rfc_9457(
    error: Exception, status: int, code: str
) -> None:
    response = answer_to(error)

    assert response.status_code == status
    assert response["Content-Type"] == problems.CONTENT_TYPE
    assert {name: response.data[name] for name in ("status", "code", "title")} == {
        "status": status,
        "code": code,
        "title": HTTPStatus(status).phrase,
    }


def test_an_error_nobody_knows_is_not_hidden_as_a_problem() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())


def test_a_lost_database_says_when_to_come_again_and_nothing_of_its_insides() -> None:
    response = answer_to(OperationalError("could not connect to /tmp/secret"))

    assert response["Retry-After"] == "3"
    assert b"secret" not in response.content


def test_a_limit_says_when_it_ends_and_a_wrong_password_how_to_sign_in() -> None:
    assert answer_to(TooManyAttempts(retry_after_s=42, minutes=1))["Retry-After"] == "42"
    assert answer_to(BadCredentials())["WWW-Authenticate"] == "Bearer"


def test_the_sentence_is_in_the_readers_language_and_names_the_data() -> None:
    with translation.override("en"):
        response = answer_to(TooManyAttempts(retry_after_s=61, minutes=2))

    assert response.data["detail"] == "That was tried too often. Please wait 2 min and try again."
    assert response.data["minutes"] == 2


def test_views_that_are_not_the_frameworks_answer_the_same() -> None:
    response = problems.response(Unavailable())

    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert response["Content-Type"] == problems.CONTENT_TYPE
