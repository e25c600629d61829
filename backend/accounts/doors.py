"""How page views declare their access: `@page("calls", "list")`, or `@open_page("why")`."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from backend.accounts.actors import Actor
from backend.accounts.errors import PasswordExpired
from backend.accounts.middleware import DECLARED
from backend.accounts.models import User
from backend.accounts.permissions import actor_for
from backend.accounts.second_factor import (
    SecondFactorMissing,
    StepUpRequired,
    require_fresh_factor,
    require_young_password,
)
from backend.core import clock
from backend.core.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
PageView = Callable[Concatenate[HttpRequest, Actor, P], R]


def page(
    resource: str, action: str, *, room: str = "", fresh: bool = False, back: str = ""
) -> Callable[[PageView[P, R]], Callable[..., R | HttpResponse]]:
    """A page for those whom the access table grants the action; the view gets the actor.

    `room` names whose page it is ("desk"): only who may read the room is served there, for a
    page shows more around a thing than the thing itself. `fresh`: whose second factor is older
    than ten minutes is asked for it again first (exports, keys, roles; docs/howto/add-a-door.md).
    `back`: of a file, the page with its link, to come back to; a service worker hides the referrer.

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
                if settings.SECURITY_PROFILE.password_lives and resource != "passwords":
                    require_young_password(request.user, now=clock.now())
                if fresh:
                    require_fresh_factor(request, now=clock.now())
                return view(request, actor, *args, **kwargs)
            except PasswordExpired:
                return redirect("change-password")
            except StepUpRequired:
                return _to_step_up(request, reverse(back, args=args, kwargs=kwargs) if back else "")
            except NotFound as error:
                raise Http404 from error

        setattr(guarded, DECLARED, (resource, action, room))
        return guarded

    return declare


def _to_step_up(request: HttpRequest, back: str) -> HttpResponse:
    """To the page that asks for the second factor, and from there to where the button was."""
    if not back and request.method == "GET":
        back = request.get_full_path()
    elif not back:
        back = urlsplit(request.headers.get("Referer", "")).path or "/"
    address = f"{reverse('step-up')}?{urlencode({'next': back})}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return redirect(address)


def open_page(because: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for everybody; the reason is written where it is declared."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        setattr(view, DECLARED, because)
        return view

    return declare
