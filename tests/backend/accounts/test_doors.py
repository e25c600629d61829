"""A door that declares nothing serves nobody; a declared one serves whom the table names."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from backend.accounts.actors import Actor
from backend.accounts.doors import open_page, page
from backend.accounts.middleware import DenyByDefaultMiddleware
from backend.accounts.models import User
from backend.accounts.second_factor import SESSION_MARK
from backend.core.errors import NotFound
from tests.builders import NOON, a_user

pytestmark = pytest.mark.django_db


def forgotten(_request: HttpRequest) -> HttpResponse:
    """A view whose author forgot to declare it."""
    return HttpResponse("secret")


@open_page("a test")
def for_all(_request: HttpRequest) -> HttpResponse:
    """An open page."""
    return HttpResponse("open")


@page("me", "read")
def own(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody's own page."""
    return HttpResponse(str(actor.user_id))


@page("me", "destroy")
def granted_to_nobody(_request: HttpRequest, _actor: Actor) -> HttpResponse:
    """A page that no row of the table opens."""
    return HttpResponse("secret")


@page("me", "read")
def missing(_request: HttpRequest, _actor: Actor) -> HttpResponse:
    """A page of something that is not there for the actor."""
    raise NotFound


def a_request(user: User | AnonymousUser, *, second_factor: bool = True) -> HttpRequest:
    """A request of a signed-in browser."""
    request = RequestFactory().get("/own/?a=1")
    request.user = user
    request.session = {SESSION_MARK: NOON.isoformat()} if second_factor else {}  # type: ignore[assignment]
    return request


def served(view: object) -> HttpResponse | None:
    """What the middleware answers before a view; None: the view is asked."""
    middleware = DenyByDefaultMiddleware(lambda _request: HttpResponse())
    return middleware.process_view(a_request(AnonymousUser()), view, (), {})  # type: ignore[arg-type]


def test_a_view_that_declares_nothing_is_not_asked() -> None:
    refused = served(forgotten)

    assert refused is not None
    assert refused.status_code == 403
    assert b"secret" not in refused.content


@pytest.mark.parametrize("view", [for_all, own])
def test_a_declared_view_is_asked(view: object) -> None:
    assert served(view) is None


def test_who_is_not_signed_in_is_led_there_and_back() -> None:
    assert own(a_request(AnonymousUser()))["Location"] == "/sign-in/?next=/own/%3Fa%3D1"


def test_staff_without_their_second_factor_are_led_to_it() -> None:
    request = a_request(a_user(role="operator"), second_factor=False)

    assert own(request)["Location"] == "/sign-in/second-factor/"


def test_residents_need_no_second_factor() -> None:
    user = a_user(role="resident")

    assert own(a_request(user, second_factor=False)).content == str(user.pk).encode()


@pytest.mark.parametrize("view", [granted_to_nobody, missing])
def test_what_one_may_not_see_is_not_there(view: object) -> None:
    with pytest.raises(Http404):
        view(a_request(a_user(role="administrator")))  # type: ignore[operator]
