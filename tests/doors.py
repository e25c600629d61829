"""Every door of the project, found from the URLconf, with what its view declares."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from backend.accounts import access
from backend.accounts.access import Scope
from backend.accounts.middleware import DECLARED
from backend.accounts.permissions import Declared, Open, action_of

PAGE_VERBS = ("get", "post")
API_VERBS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """One verb of one route: open for a reason, granted by the access table, or undeclared."""

    route: str
    verb: str
    is_api: bool
    resource: str = ""
    action: str = ""
    room: str = ""
    open_because: str = ""

    def __str__(self) -> str:
        return f"{self.verb.upper()} /{self.route}"

    @property
    def is_declared(self) -> bool:
        """Whether the view says who is served."""
        return bool(self.open_because or (self.resource and self.action))

    @property
    def parameters(self) -> list[str]:
        """Names of the things the address names."""
        return [one or other for one, other in PARAMETER.findall(self.route)]

    def scope(self, role: str) -> Scope | None:
        """What the access table says of a role at this door."""
        if self.room and access.scope_of(role, self.room, "read") is None:
            return None
        return access.scope_of(role, self.resource, self.action)

    def address(self, value: Callable[[str], object]) -> str:
        """The route with a value for each parameter."""
        path = PARAMETER.sub(lambda found: str(value(found[1] or found[2])), self.route)
        return "/" + path.replace("^", "").replace("$", "").replace("\\", "")


def doors() -> Iterator[Door]:
    """All of them."""
    for route, callback in _routes(get_resolver()):
        view_class = getattr(callback, "cls", None)
        if view_class is not None:
            yield from _of_api(route, callback, view_class)
        else:
            yield from _of_page(route, callback)


def declared() -> list[Door]:
    """The doors that the access table opens."""
    return [door for door in doors() if door.resource]


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from _routes(entry, route)


def _of_page(route: str, callback: Any) -> Iterator[Door]:
    declared = getattr(callback, DECLARED, None)
    for verb in PAGE_VERBS:
        if isinstance(declared, tuple):
            resource, action, room = declared
            yield Door(route, verb, is_api=False, resource=resource, action=action, room=room)
        else:
            yield Door(route, verb, is_api=False, open_because=declared or "")


def _of_api(route: str, callback: Any, view_class: type[APIView]) -> Iterator[Door]:
    actions: dict[str, str] | None = getattr(callback, "actions", None)
    for verb in API_VERBS:
        if verb not in (actions or dir(view_class)):
            continue
        view: Any = view_class(**callback.initkwargs)
        view.request = RequestFactory().generic(verb.upper(), "/")
        if actions:
            view.action = actions[verb]
        permissions = view.get_permissions()
        if any(isinstance(each, Declared) for each in permissions):
            action = action_of(view, verb.upper()) or ""
            yield Door(route, verb, is_api=True, resource=view.resource, action=action)
        else:
            is_open = any(isinstance(each, Open) for each in permissions)
            reason = getattr(view, "open_because", "") if is_open else ""
            yield Door(route, verb, is_api=True, open_because=reason)
