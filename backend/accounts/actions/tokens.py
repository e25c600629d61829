"""Issuing and revoking tokens; the token itself is seen once, by who asked for it."""

from datetime import datetime, timedelta

from django.db import transaction

from backend.accounts import tokens
from backend.accounts.models import AccessToken, User
from backend.accounts.record import note
from backend.audit.models import AuditRow

API_TOKEN_LIVES = timedelta(hours=12)
"""A shift with its hand-over; programs that live longer ask again."""


def issue_api_token(
    user: User,
    *,
    by: str,
    now: datetime,
    lives: timedelta = API_TOKEN_LIVES,
    label: str = "",
    factor_at: datetime | None = None,
) -> tuple[str, datetime]:
    """A token for the API, and when it ends; `factor_at`: when all factors were shown for it."""
    expires_at = now + lives
    token = _issue(
        user,
        AccessToken.Kind.API,
        expires_at=expires_at,
        label=label,
        by=by,
        now=now,
        factor_at=factor_at,
    )
    return token, expires_at


def issue_sos_token(user: User, *, by: str, now: datetime, label: str = "") -> str:
    """A token that can only call help, and does so until it is revoked.

    It outlives sessions, and works for a closed account too: nobody's help is locked.
    """
    return _issue(user, AccessToken.Kind.SOS, expires_at=None, label=label, by=by, now=now)


@transaction.atomic
def _issue(
    user: User,
    kind: AccessToken.Kind,
    *,
    expires_at: datetime | None,
    label: str,
    by: str,
    now: datetime,
    factor_at: datetime | None = None,
) -> str:
    token = tokens.new(kind)
    AccessToken.objects.create(
        user=user,
        kind=kind,
        hash=tokens.hashed(token),
        label=label,
        created_at=now,
        expires_at=expires_at,
        factor_at=factor_at,
    )
    data = {"kind": kind.value, "label": label}
    note(user, "account.token_issued", action=AuditRow.Action.CREATE, by=by, now=now, data=data)
    return token


@transaction.atomic
def revoke_token(token: AccessToken, *, by: str, now: datetime) -> bool:
    """End one token at once; False when it had ended before."""
    open_one = AccessToken.objects.filter(pk=token.pk, revoked_at=None)
    if not open_one.update(revoked_at=now):
        return False
    data = {"kind": token.kind, "label": token.label}
    note(
        token.user,
        "account.token_revoked",
        action=AuditRow.Action.DELETE,
        by=by,
        now=now,
        data=data,
    )
    return True


def revoke_api_tokens_of(user: User, *, by: str, now: datetime) -> int:
    """End every token by which programs act as the account; those that call help stay."""
    return revoke_tokens_of(user, kind=AccessToken.Kind.API, by=by, now=now)


@transaction.atomic
def revoke_tokens_of(user: User, *, kind: AccessToken.Kind, by: str, now: datetime) -> int:
    """End all of an account's tokens of a kind; returns how many."""
    open_ones = AccessToken.objects.filter(user=user, kind=kind, revoked_at=None)
    return sum(revoke_token(token, by=by, now=now) for token in open_ones)
