"""Where the pages of signing in lead to, and where a request comes from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from backend.accounts import known_browsers, limits, sessions
from backend.accounts.models import User


def entered(request: HttpRequest, user: User, *, to: str = "") -> HttpResponse:
    """To the page that was asked for, or the role's first; the browser is known from now on."""
    answer = redirect(to or next_page(request) or sessions.home_of(user))
    return known_browsers.remember(answer, request, user)


def next_page(request: HttpRequest) -> str:
    """The page to go on to, when it is one of ours; else ""."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else ""


def with_next(name: str, back: str) -> str:
    """The address of a page that leads on to another."""
    return reverse(name) + (f"?{urlencode({'next': back})}" if back else "")


def source_of(request: HttpRequest) -> str:
    """What counts as one source of tries."""
    return limits.source_of(request.META.get("REMOTE_ADDR", ""))
