"""Checking a password and a second factor, as often as the limits allow.

Counts are taken before the check and stay when it fails, so these run outside of transactions.
"""

from datetime import datetime, timedelta

from backend.accounts import limits, totp
from backend.accounts.actions.enrolling import enrol_second_factor
from backend.accounts.errors import BadCredentials
from backend.accounts.limits import Limit
from backend.accounts.models import User
from backend.audit import actions as audit
from backend.audit.models import AuditRow

SPAN = timedelta(minutes=15)
PASSWORDS = Limit("password", 10, SPAN)
"""Of one account from one source. Source: OWASP ASVS 5.0, 6.3.1, 6.1.1."""
PASSWORDS_OF_SOURCE = Limit("password by source", 100, SPAN)
"""A whole care centre may stand behind one address."""
SECOND_FACTORS = Limit("second factor", 10, SPAN)
"""Of one account from anywhere: who comes here has the password."""


def check_password(*, username: str, password: str, source: str, now: datetime) -> User:
    """The active account of this name and password.

    An unknown name takes as long as a wrong password, and is answered the same.

    Raises:
        BadCredentials: no such account, or another password.
        TooManyAttempts: too often from this source.
    """
    limits.take(PASSWORDS_OF_SOURCE, source, now=now)
    limits.take(PASSWORDS, username, source, now=now)
    user = User.objects.filter(username=username, is_active=True).first()
    right = user.check_password(password) if user else _spend_time(password)
    if user is None or not right:
        _note_refusal(user, "password", now=now)
        raise BadCredentials
    limits.forget(PASSWORDS, username, source)
    return user


def check_second_factor(user: User, *, code: str, now: datetime) -> None:
    """Accept a code of the account's authenticator app, once.

    Raises:
        BadCredentials: the code is not of now, was used before, or there is no app.
        TooManyAttempts: too often.
    """
    limits.take(SECOND_FACTORS, user.reference, now=now)
    if not totp.use_code(user, code, now=now):
        _note_refusal(user, "second factor", now=now)
        raise BadCredentials
    limits.forget(SECOND_FACTORS, user.reference)


def confirm_second_factor(user: User, *, secret: str, code: str, now: datetime) -> None:
    """Enrol an authenticator app that shows the right code for a fresh secret.

    Raises:
        BadCredentials: the code is not of now, or there is an app already.
        TooManyAttempts: too often.
    """
    limits.take(SECOND_FACTORS, user.reference, now=now)
    if totp.is_enrolled(user) or totp.matching_step(secret, code, now=now) is None:
        _note_refusal(user, "second factor", now=now)
        raise BadCredentials
    enrol_second_factor(user, secret=secret, by=user.reference, now=now)
    totp.use_code(user, code, now=now)
    limits.forget(SECOND_FACTORS, user.reference)


def _spend_time(password: str) -> bool:
    """As long as a check takes."""
    User().set_password(password)
    return False


def _note_refusal(user: User | None, what: str, *, now: datetime) -> None:
    subject = user.reference if user else "user:unknown"
    audit.record(
        actor=subject, action=AuditRow.Action.REFUSED, subject=subject, now=now, reason=what
    )
