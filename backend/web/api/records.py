"""What the doors to people and places have in common: scope, masks, audit of sensitive reads."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import clock
from backend.people.record import reference
from backend.web.api.idempotent import IdempotentPosts

Row = TypeVar("Row", bound=Model)
Visible = Callable[[Actor, str], QuerySet[Any]]


class ByName(CursorPagination):
    """By name, 50 a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: tuple[str, ...] = ("name", "pk")


class ByKey(ByName):
    """In a fixed order, 50 a page."""

    ordering: tuple[str, ...] = ("pk",)


class RecordViewSet(IdempotentPosts, GenericViewSet[Row]):
    """Rows within the caller's scope, with the fields that the access table shows the caller.

    One of them alone leaves an audit row that names the sensitive fields it showed.
    """

    model: type[Row]
    resource: ClassVar[str]
    visible: ClassVar[Visible]
    brief: ClassVar[type[BaseSerializer[Any]]]
    whole: ClassVar[type[BaseSerializer[Any]]]
    written: ClassVar[type[BaseSerializer[Any]]]
    sensitive: ClassVar[tuple[str, ...]] = ()

    permission_classes = [Declared]
    pagination_class = ByName
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    def get_queryset(self) -> QuerySet[Row]:
        """What the actor reaches for the action asked."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        asked = action_of(self, self.request.method or "") or ""
        return type(self).visible(self.actor, asked)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """The brief form; other forms are named where they are used."""
        return self.brief

    def narrowed(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows that the query asks for."""
        return rows

    def list(self, _request: Request) -> Response:
        """A page, brief."""
        page = self.paginate_queryset(self.narrowed(self.get_queryset()))
        return self.get_paginated_response(self._brief(page or [], many=True).data)

    def retrieve(self, _request: Request, pk: str) -> Response:
        """One, with its sensitive fields for those who may read them."""
        return Response(self.shown(self.row(pk)))

    def row(self, pk: str) -> Row:
        """One row in scope, or 404."""
        return get_object_or_404(self.get_queryset(), pk=pk)

    def shown(self, row: Row) -> dict[str, Any]:
        """A row as this actor may see it; reading sensitive fields is written down."""
        fields = self.actor.fields(self.resource, "read")
        seen = [name for name in self.sensitive if name in fields.whole]
        if seen:
            record(
                actor=self.actor.reference,
                action=AuditRow.Action.READ,
                subject=reference(row),
                resident_id=resident_of(row),
                fields=seen,
                now=clock.now(),
            )
        return dict(self.whole(row, context={**self._context(), "shown": fields}).data)

    def created(self, row: Row) -> Response:
        """The answer to a POST that made something."""
        return Response(self.shown(row), status=status.HTTP_201_CREATED)

    def body(
        self, serializer_class: type[BaseSerializer[Any]] | None = None, *, partial: bool = False
    ) -> dict[str, Any]:
        """What was sent, checked.

        Raises:
            ValidationError: some entries cannot be used.
        """
        form = (serializer_class or self.written)(
            data=self.request.data, partial=partial, context=self._context()
        )
        form.is_valid(raise_exception=True)
        checked: dict[str, Any] = form.validated_data
        return checked

    def stamp(self) -> dict[str, Any]:
        """Who and when, as every action takes them."""
        return {"by": self.actor.reference, "now": clock.now()}

    def _brief(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        fields = self.actor.fields(self.resource, "list")
        return self.brief(rows, many=many, context={**self._context(), "shown": fields})

    def _context(self) -> Mapping[str, Any]:
        return {"actor": self.actor}


def resident_of(row: Model) -> UUID | None:
    """Whom a row is about, for the audit."""
    if row._meta.model_name == "resident":
        own: UUID = row.pk
        return own
    return getattr(row, "resident_id", None)


def forms(
    brief: type[BaseSerializer[Any]],
    whole: type[BaseSerializer[Any]],
    written: type[BaseSerializer[Any]],
) -> Callable[[type[Any]], type[Any]]:
    """Describe the usual doors of a record in the OpenAPI document."""
    doors = {
        "list": extend_schema(responses=brief(many=True)),
        "retrieve": extend_schema(responses=whole),
        "create": extend_schema(request=written, responses={201: whole}),
        "update": extend_schema(request=written, responses=whole),
        "partial_update": extend_schema(request=written, responses=whole),
        "destroy": extend_schema(responses={204: None}),
    }

    def describe(view: type[Any]) -> type[Any]:
        there = {name: door for name, door in doors.items() if hasattr(view, name)}
        return extend_schema_view(**there)(view)

    return describe
