"""POSTs that may be repeated: a mixin for the API's views."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http.request import RawPostDataException
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import actor_for
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.idempotency import answered_once

if TYPE_CHECKING:
    from rest_framework.views import APIView as _View
else:
    _View = object

HEADER = "Idempotency-Key"
LONGEST_KEY = 200

Handler = Callable[..., Response]


class IdempotentPosts(_View):
    """Answers a POST with a known `Idempotency-Key` as it was answered the first time.

    A refused request keeps nothing, so the same key may be tried again. Keys belong to the
    account that sent them, and to the path and content they came with.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After the permission checks, put the keyed handler in the place of `post`."""
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER, "")
        handler: Handler | None = getattr(self, "post", None)
        if request.method == "POST" and key and handler is not None:
            self.post = _answered_once(handler, _checked(key))


def _checked(key: str) -> str:
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(fields={HEADER: ["bad_key"]})
    return key


def _answered_once(handler: Handler, key: str) -> Handler:
    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        def act() -> tuple[int, Any]:
            response = handler(request, *args, **kwargs)
            return response.status_code, json.loads(JSONRenderer().render(response.data) or b"null")

        status, body = answered_once(
            owner=actor_for(request).reference,
            key=key,
            request_body=_content(request),
            now=clock.now(),
            act=act,
        )
        return Response(None if status == HTTPStatus.NO_CONTENT else body, status=status)

    return answer


def _content(request: Request) -> bytes:
    """What was asked: the path and the body as sent."""
    try:
        return request.path.encode() + b"\n" + request._request.body
    except RawPostDataException as error:
        raise UnsupportedMediaType(request.content_type) from error
