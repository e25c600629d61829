"""The OpenAPI description, with the doors that are not Django's, and a page to read it on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.doors import open_page
from backend.accounts.permissions import Open
from backend.core import problems
from backend.web.api.extra_paths import extra_paths

WRITTEN_IN = "en"
VERBS = ("get", "post", "put", "patch", "delete")
WALL_TIME = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$"
PROBLEM = {
    "type": "object",
    "description": "Why something was refused (RFC 9457); `code` is stable.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "code", "detail"],
}
REFUSED = {
    "description": "Refused; nothing was changed.",
    "content": {
        problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
    },
}


class SchemaView(SpectacularAPIView):
    """The description, as YAML or JSON."""

    permission_classes = [Open]
    open_because = "a description of the doors, without data"

    def _get_schema_response(self, request: Request) -> Response:
        """In one language, as most of it is written in it."""
        with translation.override(WRITTEN_IN):
            answer: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
        return answer


@open_page("a description of the doors, without data")
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page."""
    return render(request, "web/api/docs.html", {"groups": _groups(), "forms": _forms()})


def add_extra_paths(
    result: dict[str, Any], generator: object, request: object, public: bool
) -> dict[str, Any]:
    """Hook of drf-spectacular: the doors of `extra_paths` beside the views'."""
    del generator, request, public
    result["paths"] = dict(sorted({**result.get("paths", {}), **extra_paths}.items()))
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    for item in result["paths"].values():
        for verb in VERBS:
            if verb in item:
                item[verb].setdefault("responses", {}).setdefault("default", REFUSED)
    return result


class BlankChoices(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A choice that is only read is "" where the row has none yet."""

    target_class = serializers.ChoiceField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        """Say so where the model does."""
        field = self.target
        model = getattr(getattr(field.parent, "Meta", None), "model", None)
        if field.read_only and model is not None and field.source in _names(model):
            field.allow_blank = field.allow_blank or model._meta.get_field(field.source).blank
        return auto_schema._map_serializer_field(field, direction, bypass_extensions=True)


class FieldsOfTheReader(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """What the access table hides from some readers is promised to none."""

    target_class = "backend.web.api.told.ToldByRole"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """The form as it is; of an answer its key alone is sure to be there."""
        form: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        if direction == "request":
            return form
        required = [name for name in form.pop("required", []) if name == "id"]
        return {**form, "required": required} if required else form


class WallTimes(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A time of day on the wall has no zone, which `format: time` (RFC 3339) would ask for."""

    target_class = serializers.TimeField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, str]:
        """Hours and minutes, and seconds where they are said."""
        del auto_schema, direction
        return {"type": "string", "pattern": WALL_TIME}


def _names(model: Any) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names our tokens."""

    target_class = "backend.accounts.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "yian_api_…"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names the session of our pages."""

    target_class = "backend.accounts.authentication.SignedInAuthentication"
    name = "session"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        """The session's cookie; POSTs with the CSRF token of the page."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


@dataclass(frozen=True)
class Door:
    """One operation as the page shows it."""

    verb: str
    path: str
    about: str
    parameters: list[dict[str, Any]]
    takes: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class FormField:
    """One field of a form as the page shows it."""

    name: str
    kind: str
    is_needed: bool
    about: str


@cache
def _description() -> dict[str, Any]:
    """The whole of it; the same as long as the process lives."""
    with translation.override(WRITTEN_IN):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
        found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


def _forms() -> dict[str, list[FormField]]:
    """The fields of each form that is taken or answered, by its name."""
    forms = _description()["components"]["schemas"]
    return {name: list(_fields(form)) for name, form in sorted(forms.items()) if "enum" not in form}


def _fields(form: dict[str, Any]) -> Iterator[FormField]:
    for name, field in form.get("properties", {}).items():
        is_needed = name in form.get("required", [])
        yield FormField(name, _kind(field), is_needed, field.get("description", ""))


def _kind(of: dict[str, Any]) -> str:
    """What a field holds: a type with its format, one of some words, or another form."""
    if "$ref" in of:
        name = str(of["$ref"].rpartition("/")[2])
        form = _description()["components"]["schemas"][name]
        return _kind(form) if "enum" in form else name
    if "enum" in of:
        return " | ".join(str(each) for each in of["enum"] if each not in ("", None))
    for several in ("allOf", "oneOf", "anyOf"):
        if several in of:
            return " | ".join(filter(None, (_kind(each) for each in of[several])))
    kind = of.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    words = [f"[{_kind(of.get('items', {}))}]" if each == "array" else each for each in kinds]
    return " | ".join(words) + (f" ({of['format']})" if "format" in of else "")


def _groups() -> dict[str, list[Door]]:
    """Operations by the first part of their path."""
    groups: dict[str, list[Door]] = {}
    for path, item in _description()["paths"].items():
        name = path.removeprefix("/api/v1").strip("/").partition("/")[0]
        groups.setdefault(name, []).extend(_doors(path, item))
    return groups


def _doors(path: str, item: dict[str, Any]) -> Iterator[Door]:
    for verb in VERBS:
        operation = item.get(verb)
        if operation is not None:
            yield Door(
                verb=verb.upper(),
                path=path,
                about=operation.get("description") or operation.get("summary", ""),
                parameters=operation.get("parameters", []),
                takes=_content(operation.get("requestBody", {})),
                answers=[
                    (status, _content(answer))
                    for status, answer in operation.get("responses", {}).items()
                ],
            )


def _content(body: dict[str, Any]) -> str:
    """The name of the form a request or answer has."""
    for media in body.get("content", {}).values():
        schema = media.get("schema", {})
        reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
        return str(reference.rpartition("/")[2])
    return ""
