"""Who is asking: a bearer token, or the session of a signed-in browser."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from backend.accounts import tokens
from backend.accounts.errors import CsrfFailed
from backend.accounts.models import AccessToken, User
from backend.core import clock
from backend.core.rows import one_or_none

LAST_USE_KEPT_EVERY = timedelta(minutes=5)
Kind = AccessToken.Kind


def user_of_token(token: str, *, kind: Kind = Kind.API) -> User | None:
    """The account of a token that is neither revoked nor expired.

    A closed account's API tokens are nobody's; its SOS tokens still call help.
    """
    now = clock.now()
    found = one_or_none(
        AccessToken.objects.select_related("user__area")
        .filter(hash=tokens.hashed(token), kind=kind, revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
    )
    if found is None or (kind == Kind.API and not found.user.is_active):
        return None
    if found.last_used_at is None or now - found.last_used_at > LAST_USE_KEPT_EVERY:
        AccessToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.user


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer yian_api_…`."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The token's account; a wrong token is an error, none is another's business."""
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        token = tokens.bearer(header)
        user = user_of_token(token) if token else None
        if user is None:
            raise AuthenticationFailed
        return user, token

    def authenticate_header(self, _request: Request) -> str:
        """Makes DRF answer 401, not 403."""
        return "Bearer"


class SignedInAuthentication(SessionAuthentication):
    """The session cookie, with the CSRF check of DRF.

    It looks at Django's request: DRF's own would read the body, and how much of the body is taken
    depends on who asks (`bodies`), which is what is being found out.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The session's account, or None.

        Raises:
            CsrfFailed: no token of our page; why exactly is not told.
        """
        user = getattr(request._request, "user", AnonymousUser())
        if not isinstance(user, User) or not user.is_active:
            return None
        try:
            self.enforce_csrf(request._request)  # type: ignore[arg-type]  # the stubs ask for DRF's
        except PermissionDenied as error:
            raise CsrfFailed from error
        return user, None
