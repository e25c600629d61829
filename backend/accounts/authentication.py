"""Who is asking: a bearer token, or the session of a signed-in browser."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from backend.accounts import tokens
from backend.accounts.errors import CsrfFailed
from backend.accounts.models import AccessToken, User
from backend.core import clock
from backend.places.models import Area

LAST_USE_KEPT_EVERY = timedelta(minutes=5)
Kind = AccessToken.Kind


def user_of_token(token: str, *, kind: Kind = Kind.API) -> User | None:
    """The account of a token that is neither revoked nor expired.

    A closed account's API tokens are nobody's; its SOS tokens still call help.
    """
    now = clock.now()
    found = list(User.objects.raw(_WHOSE, [tokens.hashed(token), kind, now]))
    user: Any = found[0] if found else None
    if user is None or (kind == Kind.API and not user.is_active):
        return None
    if user.token_used_at is None or now - user.token_used_at > LAST_USE_KEPT_EVERY:
        AccessToken.objects.filter(pk=user.token_id).update(last_used_at=now)
    if user.area_id is not None:
        user.area = Area.from_db(None, ("id", "path"), (user.area_id, user.path_of_area))
    return found[0]


_WHOSE = """
SELECT account.id, account.username, account.name, account.email, account.role,
  account.administers, account.area_id, account.resident_id, account.caregiver_id,
  account.phone, account.phone_index, account.language, account.is_active,
  account.password_changed_at, account.created_at, area.path AS path_of_area,
  token.id AS token_id, token.last_used_at AS token_used_at
FROM accounts_accesstoken AS token
JOIN accounts_user AS account ON account.id = token.user_id
LEFT JOIN places_area AS area ON area.id = account.area_id
WHERE token.hash = %s AND token.kind = %s AND token.revoked_at IS NULL
  AND (token.expires_at IS NULL OR token.expires_at > %s)
"""
"""Written down once: it stands before every request, and to have it made each time costs four
times what the database needs to answer. Password and last sign-in stay where they are."""


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
