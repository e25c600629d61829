"""What the doors of this package have in common."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.accounts.actors import Actor
from backend.accounts.permissions import Declared, action_of, actor_for
from backend.web.api.idempotent import IdempotentPosts
from services.community.doers import Doer, doer_of

Row = TypeVar("Row", bound=Model)


class ByKey(CursorPagination):
    """In a fixed order, 50 a page."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: tuple[str, ...] = ("pk",)


class Doors(IdempotentPosts, GenericViewSet[Row]):
    """Rows within the caller's scope."""

    permission_classes = [Declared]
    pagination_class = ByKey
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_for(self.request)

    @property
    def by(self) -> Doer:
        """Who acts."""
        return doer_of(self.actor)

    @property
    def asked(self) -> str:
        """The action of the access table that is asked for."""
        return action_of(self, self.request.method or "") or ""

    def sent(self, form: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What was sent, checked.

        Raises:
            ValidationError: some entries cannot be used.
        """
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        found: dict[str, Any] = filled.validated_data
        return found


def keys_in(text: str) -> list[UUID]:
    """The key that an address names, or none."""
    try:
        return [UUID(text)]
    except ValueError:
        return []


def narrowed(rows: QuerySet[Row], asked: Any, *, texts: str = "", keys: str = "") -> QuerySet[Row]:
    """The rows that a query asks for by these fields; what cannot be read asks for none."""
    for name in texts.split():
        if name in asked:
            rows = rows.filter(**{name: asked[name]})
    for name in keys.split():
        if name in asked:
            rows = rows.filter(**{f"{name}__in": keys_in(asked[name])})
    return rows
