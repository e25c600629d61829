"""How page views declare their access: `@page("calls", "list")`, or `@open_page("why")`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from backend.accounts.actors import Actor
from backend.accounts.middleware import DECLARED
from backend.accounts.models import User
from backend.accounts.permissions import actor_for
from backend.accounts.second_factor import SecondFactorMissing
from backend.core.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
PageView = Callable[Concatenate[HttpRequest, Actor, P], R]


def page(
    resource: str, action: str, *, room: str = ""
) -> Callable[[PageView[P, R]], Callable[..., R | HttpResponse]]:
    """A page for those whom the access table grants the action; the view gets the actor.

    `room` names whose page it is ("desk"): only who may read the room is served there, for a
    page shows more around a thing than the thing itself.

    Nobody signed in: to the sign-in page. Staff without second factor: to its page. No row:
    404, as if the page did not exist.
    """

    def declare(view: PageView[P, R]) -> Callable[..., R | HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            try:
                actor = actor_for(request)
            except SecondFactorMissing:
                return redirect("second-factor")
            if actor.scope(resource, action) is None:
                raise Http404
            if room and actor.scope(room, "read") is None:
                raise Http404
            try:
                return view(request, actor, *args, **kwargs)
            except NotFound as error:
                raise Http404 from error

        setattr(guarded, DECLARED, (resource, action, room))
        return guarded

    return declare


def open_page(because: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for everybody; the reason is written where it is declared."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        setattr(view, DECLARED, because)
        return view

    return declare
