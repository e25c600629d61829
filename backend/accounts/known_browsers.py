"""Browsers in which somebody signed in fully before: strangers' tries never stand in their way.

A signed cookie says whose browser it is. It opens nothing; what is tried from it is only counted
apart. Source: OWASP ASVS 5.0, 6.3.1, 6.1.1 (a lockout that cannot be turned against its owner).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from backend.accounts.models import User

COOKIE = "known_browser"
KEPT = timedelta(days=400)
"""Browsers keep cookies no longer. Source: RFC 6265bis, 5.6.2."""
PEOPLE = 6
"""A desk's browser is shared by a shift."""


@dataclass(frozen=True)
class KnownBrowser:
    """One browser, and who signed in there, the last first."""

    id: str = ""
    people: tuple[UUID, ...] = ()

    def knows(self, user: User) -> bool:
        """Whether this person signed in there before."""
        return bool(self.id) and user.pk in self.people


NEW = KnownBrowser()


def of(request: HttpRequest) -> KnownBrowser:
    """The browser a request comes from; NEW when nobody signed in there, or the cookie is not
    ours."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEPT)
        return KnownBrowser(kept["id"], tuple(map(UUID, kept["people"])))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return NEW


def remember(response: HttpResponse, request: HttpRequest, user: User) -> HttpResponse:
    """Let the browser be known as this person's from now on."""
    before = of(request)
    people = [user.pk, *(each for each in before.people if each != user.pk)][:PEOPLE]
    kept = {"id": before.id or secrets.token_urlsafe(16), "people": [str(each) for each in people]}
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=COOKIE),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
