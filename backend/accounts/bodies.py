"""Of a body only those fields are taken, and of an answer only those told, that the access table
names for the door and the role.

They are the parser and the renderer of the API, so that no door can forget them: what else is sent
is not there, and what else a form has is not told. They ask the view's permission; this module is
for DRF, which imports it by name while its views are being imported.
"""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer

from backend.accounts.access import EVERY

PAGE = "results"
"""Where a page of a list has its rows."""


class DeclaredFieldsParser(JSONParser):
    """JSON, without the fields that the caller may not write."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body, narrowed; that of a door open to everybody as it came."""
        sent = super().parse(stream, media_type, parser_context)
        taken = _asked(parser_context, "fields_taken")
        return sent if taken is None else _narrowed(sent, taken)


class DeclaredFieldsRenderer(JSONRenderer):
    """JSON, without the fields that the caller may not read."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The answer, narrowed; refusals, and those of open doors, as they are."""
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code < 400:
            told = _asked(renderer_context, "fields_told")
            if told is not None and EVERY not in told:
                data = _told(data, told)
        rendered: bytes = super().render(data, accepted_media_type, renderer_context)
        return rendered


def _asked(context: Mapping[str, Any] | None, question: str) -> frozenset[str] | None:
    """What the permission of the view says, if it has one that says it."""
    there = context or {}
    for permission in there["view"].get_permissions():
        answers = getattr(permission, question, None)
        if answers is not None:
            found: frozenset[str] | None = answers(there["request"], there["view"])
            return found
    return None


def _told(data: Any, told: frozenset[str]) -> Any:
    if isinstance(data, dict) and PAGE in data:
        return {**data, PAGE: _narrowed(data[PAGE], told)}
    return _narrowed(data, told)


def _narrowed(sent: Any, named: frozenset[str]) -> Any:
    if isinstance(sent, dict):
        return {name: value for name, value in sent.items() if name in named}
    if isinstance(sent, list):
        return [_narrowed(each, named) for each in sent]
    return sent
