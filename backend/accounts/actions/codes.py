"""Signing in by a code sent to one's phone; for residents and families, never for staff."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from backend.accounts import known_browsers, limits
from backend.accounts.errors import BadCode
from backend.accounts.known_browsers import KnownBrowser
from backend.accounts.limits import Limit, Pauses
from backend.accounts.models import STAFF_ROLES, SignInCode, User
from backend.audit import actions as audit
from backend.audit.models import AuditRow
from backend.core import crypto
from backend.core.crypto import BlindIndex
from backend.core.models import new_id
from backend.people import phones
from backend.people.models import Language

CODE_LIVES = timedelta(minutes=5)
CODE_DIGITS = 6
TRIES = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES_OF_SOURCE = Limit("codes by source", 60, HOUR)
"""A community centre signs many people up behind one address."""
CODES_OF_PHONE_AND_SOURCE = Pauses(
    "codes to a phone by source", 2, timedelta(minutes=1), HOUR, 6 * HOUR
)
CODES_OF_PHONE = Pauses("codes to a phone", 4, timedelta(minutes=2), HOUR, 12 * HOUR)
"""From browsers that are new to the account, wherever they are: at most some thirty texts a day.
Source: OWASP ASVS 5.0, 6.6.3 (codes are limited), 2.4.1; the numbers are our own."""
UNWANTED = Limit("codes unwanted", 1, DAY)
"""After "it was not me", for so long only browsers that know the person get a code."""


def send_code(
    *,
    phone: str,
    source: str,
    now: datetime,
    browser: KnownBrowser = known_browsers.NEW,
    again: UUID | None = None,
) -> UUID:
    """Send a code to the account of this number; returns what `redeem_code` needs.

    A number that nobody signs in with is answered the same, after the same work, and gets
    nothing. `again`: what this browser asked for before; while its digits are worth something,
    the same ones are sent. The code goes out through `settings.CODE_SENDER`, a function of
    (phone, code, language, now), in the transaction that keeps it.

    Raises:
        BadPhone: not a telephone number.
        TooManyAttempts: too many codes were asked for.
    """
    number = phones.normalized(phone)
    index = phones.index(number)
    user = _citizens().filter(phone_index=index).first()
    is_known = user is not None and browser.knows(user)
    if is_known:
        limits.take_after_pause(CODES_OF_PHONE_AND_SOURCE, index, browser.id, now=now)
    else:
        limits.take(CODES_OF_SOURCE, source, now=now)
        limits.take_after_pause(CODES_OF_PHONE_AND_SOURCE, index, source, now=now)
        limits.take_after_pause(CODES_OF_PHONE, index, now=now)
    is_unwanted = limits.is_reached(UNWANTED, index, now=now) and not is_known
    return _send(None if is_unwanted else user, number, again=again, now=now)


@transaction.atomic
def _send(user: User | None, number: str, *, again: UUID | None, now: datetime) -> UUID:
    """Send it; for nobody, do the same and leave nothing, so that no clock tells them apart."""
    asked_before = again or new_id()
    alive = SignInCode.objects.filter(
        pk=asked_before, user=user, used_at=None, expires_at__gt=now, tries__lt=TRIES
    ).first()
    asked = alive.pk if alive else new_id()
    code = alive.code if alive else f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    mark = transaction.savepoint()
    if alive is None:
        SignInCode.objects.create(
            id=asked, user=user, code=code, hash=_hashed(asked, code), expires_at=now + CODE_LIVES
        )
    language = user.language if user else Language.ZH
    import_string(settings.CODE_SENDER)(number, code, language, now)
    if user is None:
        transaction.savepoint_rollback(mark)
    else:
        transaction.savepoint_commit(mark)
    return asked


def redeem_code(asked: UUID, *, code: str, now: datetime) -> User:
    """The account a code signs in; each code once, and five tries at it.

    The try is counted before it is compared, outside of any transaction.

    Raises:
        BadCode: wrong, used, too old, or tried too often.
    """
    alive = SignInCode.objects.filter(pk=asked, used_at=None, expires_at__gt=now)
    if not alive.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise BadCode
    fits = _hashed(asked, code.strip()).by_every_key
    if not alive.filter(hash__in=fits).update(used_at=now, code=""):
        raise BadCode
    user = _citizens().filter(pk=SignInCode.objects.get(pk=asked).user_id or new_id()).first()
    if user is None:
        raise BadCode
    limits.forget(CODES_OF_PHONE, user.phone_index)
    return user


@transaction.atomic
def refuse_codes(*, phone_index: str, now: datetime) -> None:
    """Somebody says that they did not ask for the code they got: it opens nothing any more.

    For a day, only browsers that they signed in with before get them another.
    """
    limits.reach(UNWANTED, phone_index, now=now)
    for user in _citizens().filter(phone_index=phone_index):
        SignInCode.objects.filter(user=user, expires_at__gt=now).update(expires_at=now, code="")
        audit.record(
            actor=user.reference,
            action=AuditRow.Action.REFUSED,
            subject=user.reference,
            now=now,
            resident_id=user.resident_id,
            reason="code unwanted",
        )


def forget_old_codes(*, now: datetime) -> int:
    """Drop codes past their time; returns how many."""
    return SignInCode.objects.filter(expires_at__lt=now).delete()[0]


def _citizens() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role__in=STAFF_ROLES)


def _hashed(asked: UUID, code: str) -> BlindIndex:
    return crypto.blind_index(code, context=f"sign-in code {asked}")
