"""Of a body only those fields are taken that the access table names for the door and the role.

It is the parser of the API, so that no door can forget it: what else is sent is not there. It
asks the view's permission, and its own module is for DRF, which imports it by name while its
views are being imported.
"""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import JSONParser


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
        context = parser_context or {}
        for permission in context["view"].get_permissions():
            fields_taken = getattr(permission, "fields_taken", None)
            if fields_taken is not None:
                return _narrowed(sent, fields_taken(context["request"], context["view"]))
        return sent


def _narrowed(sent: Any, taken: frozenset[str]) -> Any:
    if isinstance(sent, dict):
        return {name: value for name, value in sent.items() if name in taken}
    if isinstance(sent, list):
        return [_narrowed(each, taken) for each in sent]
    return sent
