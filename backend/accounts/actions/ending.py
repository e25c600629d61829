"""Ending browser sessions, one or all of an account; their open sockets close with them."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from backend.accounts.actions.tokens import revoke_api_tokens_of
from backend.accounts.models import OpenSession, User
from backend.accounts.record import note
from backend.audit.models import AuditRow

DELETE = AuditRow.Action.DELETE


@transaction.atomic
def end_session(opened: OpenSession, *, by: str, now: datetime) -> None:
    """End one session at once; ended before changes nothing."""
    if Session.objects.filter(pk=opened.session_id).delete()[0]:
        note(opened.user, "account.session_ended", action=DELETE, by=by, now=now)


@transaction.atomic
def end_sessions_of(user: User, *, by: str, now: datetime, but: str | None = None) -> int:
    """End all sessions of an account, `but` the one with this key; returns how many."""
    ended = OpenSession.objects.filter(user=user).exclude(session=but)
    count = ended.count()
    Session.objects.filter(pk__in=list(ended.values_list("session_id", flat=True))).delete()
    if count:
        note(user, "account.sessions_ended", action=DELETE, by=by, now=now)
    return count


@transaction.atomic
def end_everything_of(user: User, *, by: str, now: datetime) -> None:
    """End all sessions and API tokens of an account; its SOS tokens keep calling help."""
    end_sessions_of(user, by=by, now=now)
    revoke_api_tokens_of(user, by=by, now=now)
