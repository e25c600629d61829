"""Checking a password and a second factor, as often as the limits allow.

Counts are taken before the check and stay when it fails, so these run outside of transactions.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from backend.accounts import factors, known_browsers, limits, totp
from backend.accounts.actions.ending import end_sessions_of
from backend.accounts.actions.enrolling import enrol_second_factor
from backend.accounts.actions.recovering import end_recoveries
from backend.accounts.errors import BadCredentials
from backend.accounts.known_browsers import KnownBrowser
from backend.accounts.limits import Limit, Pauses
from backend.accounts.models import User
from backend.accounts.record import note
from backend.audit import actions as audit
from backend.audit.models import AuditRow
from backend.core.errors import Invalid

SPAN = timedelta(minutes=15)
DAY = timedelta(days=1)
PASSWORDS_OF_SOURCE = Limit("password by source", 100, SPAN)
"""A whole care centre may stand behind one address."""
PASSWORDS_OF_ACCOUNT = Limit("password by account", 100, DAY)
"""From browsers that are new to the account, wherever they are: many sources, one target."""
SECOND_FACTORS = Limit("second factor", 10, SPAN)
"""Of one account from anywhere: who comes here has the password. Known browsers count apart."""


def password_pauses() -> Pauses:
    """Wrong passwords of one account from one source, or one known browser, by the profile.

    Source: OWASP ASVS 5.0, 6.3.1, 6.1.1; GB/T 22239-2019, 8.1.4.1 b.
    """
    profile = settings.SECURITY_PROFILE
    return Pauses("password", profile.wrong_free, profile.first_pause, profile.longest_pause, DAY)


def check_password(
    *,
    username: str,
    password: str,
    source: str,
    now: datetime,
    browser: KnownBrowser = known_browsers.NEW,
) -> User:
    """The active account of this name and password.

    An unknown name takes as long as a wrong password, and is answered the same. A browser that
    the person signed in with before is not kept waiting for what others try.

    Raises:
        BadCredentials: no such account, or another password.
        TooManyAttempts: too often from this source.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    of = source
    if user and browser.knows(user):
        of = f"browser {browser.id}"
    else:
        limits.take(PASSWORDS_OF_SOURCE, source, now=now)
        limits.take(PASSWORDS_OF_ACCOUNT, username, now=now)
    limits.take_after_pause(password_pauses(), username, of, now=now)
    right = user.check_password(password) if user else _spend_time(password)
    if user is None or not right:
        _note_refusal(user, "password", now=now)
        raise BadCredentials
    limits.forget(password_pauses(), username, of)
    limits.forget(PASSWORDS_OF_ACCOUNT, username)
    return user


def check_second_factor(
    user: User, *, code: str, now: datetime, browser: KnownBrowser = known_browsers.NEW
) -> None:
    """Accept a code of the account's authenticator app, once.

    Raises:
        BadCredentials: the code is not of now, was used before, or there is no app.
        TooManyAttempts: too often.
    """
    of = (user.reference, browser.id if browser.knows(user) else "")
    limits.take(SECOND_FACTORS, *of, now=now)
    if not totp.use_code(user, code, now=now):
        _note_refusal(user, "second factor", now=now)
        raise BadCredentials
    limits.forget(SECOND_FACTORS, *of)


def confirm_second_factor(
    user: User, *, secret: str, code: str, now: datetime, recovery: UUID | None = None
) -> None:
    """Enrol an authenticator app that shows the right code for a fresh secret.

    `recovery`: by whose link the person came.

    Raises:
        BadCredentials: the code is not of now, or the password alone may not enrol.
        TooManyAttempts: too often.
    """
    limits.take(SECOND_FACTORS, user.reference, now=now)
    allowed = factors.may_enrol(user, recovery=recovery)
    if not allowed or totp.matching_step(secret, code, now=now) is None:
        _note_refusal(user, "second factor", now=now)
        raise BadCredentials
    enrol_second_factor(user, secret=secret, by=user.reference, now=now)
    end_recoveries(user, now=now)
    totp.use_code(user, code, now=now)
    limits.forget(SECOND_FACTORS, user.reference)


@transaction.atomic
def change_password(user: User, *, password: str, now: datetime, but: str | None = None) -> None:
    """Give the account another password; its sessions end, `but` the one with this key.

    Raises:
        Invalid: the same as before, or against the rules of the profile.
    """
    if user.check_password(password):
        raise Invalid(fields={"password": ["as_before"]})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    user.set_password(password)
    user.password_changed_at = now
    user.save(update_fields=["password", "password_changed_at"])
    end_sessions_of(user, by=user.reference, now=now, but=but)
    note(
        user,
        "account.password_changed",
        action=AuditRow.Action.CHANGE,
        by=user.reference,
        now=now,
        fields=["password"],
    )


def _spend_time(password: str) -> bool:
    """As long as a check takes."""
    User().set_password(password)
    return False


def _note_refusal(user: User | None, what: str, *, now: datetime) -> None:
    subject = user.reference if user else "user:unknown"
    audit.record(
        actor=subject, action=AuditRow.Action.REFUSED, subject=subject, now=now, reason=what
    )
