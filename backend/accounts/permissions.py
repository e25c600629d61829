"""How DRF views declare their access: a resource, and an action from the access table."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts import limits
from backend.accounts.actors import Actor, actor_of
from backend.accounts.limits import Limit
from backend.accounts.models import User
from backend.accounts.second_factor import (
    require_fresh_factor,
    require_second_factor,
    require_young_password,
)
from backend.core import clock
from backend.core.errors import NotAllowed

CRUD: dict[str, str] = {
    "list": "list",
    "retrieve": "read",
    "create": "create",
    "update": "change",
    "partial_update": "change",
    "destroy": "delete",
    "metadata": "list",
}


WRITING = frozenset({"create", "change"})


def actor_for(request: Request | HttpRequest) -> Actor:
    """The actor of a request, made once.

    Raises:
        NotAllowed: nobody is signed in, or staff without their second factor.
    """
    plain = request._request if isinstance(request, Request) else request
    made: Actor | None = getattr(plain, "_actor", None)
    if made is None:
        user = request.user
        if not isinstance(user, User):
            raise NotAllowed
        by_token = bool(getattr(request, "auth", None))
        if not by_token:
            require_second_factor(plain, user)
        made = actor_of(user)
        plain._actor = made  # type: ignore[attr-defined]
    return made


class Declared(BasePermission):
    """Allows what the access table grants for `view.resource` and the action.

    A view set's action is translated by `CRUD`, other actions keep their name; an `APIView`
    names it in `access_action`, or one a method in `access_actions`. What a view says to be
    `costly` is counted by account; actions in its `fresh_for` need a second factor shown within
    ten minutes (403 `step_up_required`).
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the table has a row; scopes are applied by the queries."""
        if not isinstance(request.user, User):
            return False
        resource: str = getattr(view, "resource", "")
        action = action_of(view, request.method or "")
        if action is None or actor_for(request).scope(resource, action) is None:
            return False
        if settings.SECURITY_PROFILE.password_lives is not None:
            require_young_password(request.user, now=clock.now())
        if action in getattr(view, "fresh_for", ()):
            require_fresh_factor(request, now=clock.now())
        limit: Limit | None = getattr(view, "costly", None)
        if limit is not None:
            limits.take(limit, actor_for(request).reference, now=clock.now())
        return True

    def fields_taken(self, request: Request, view: APIView) -> frozenset[str]:
        """Which fields of a body the table lets this caller write (`accounts.bodies`)."""
        action = action_of(view, request.method or "") or ""
        return actor_for(request).fields(getattr(view, "resource", ""), action).whole

    def fields_told(self, request: Request, view: APIView) -> frozenset[str] | None:
        """Which fields of an answer the table lets this caller read (`accounts.bodies`).

        What was made or changed is told as `read` shows it; None, and all of it, where an act has
        an answer of its own.
        """
        method = request.method or ""
        action = action_of(view, method) or ""
        if method not in SAFE_METHODS:
            if action not in WRITING:
                return None
            action = "read"
        actor, resource = actor_for(request), getattr(view, "resource", "")
        if actor.scope(resource, action) is None:
            return None
        found = actor.fields(resource, action)
        return found.whole | found.masked


def action_of(view: APIView, method: str) -> str | None:
    """The access table's action of a view for a method, or None."""
    by_method: dict[str, str] = getattr(view, "access_actions", {})
    if method in by_method:
        return by_method[method]
    named: str | None = getattr(view, "access_action", None)
    if named:
        return named
    action: str | None = getattr(view, "action", None)
    return CRUD.get(action, action.replace("_", "-")) if action else None


class Open(BasePermission):
    """A door for everybody; the view says why in `open_because`."""

    requires: ClassVar[str] = "open_because"

    def has_permission(self, _request: Request, view: APIView) -> bool:
        """Allow when the reason is written down."""
        return bool(getattr(view, self.requires, ""))
