"""Signing in by a code sent to one's phone; for residents and families, never for staff."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from backend.accounts import limits
from backend.accounts.errors import BadCode
from backend.accounts.limits import Limit
from backend.accounts.models import STAFF_ROLES, SignInCode, User
from backend.core import crypto
from backend.core.crypto import BlindIndex
from backend.core.models import new_id
from backend.people import phones

CODE_LIVES = timedelta(minutes=5)
CODE_DIGITS = 6
TRIES = 5
HOUR = timedelta(hours=1)
CODES_OF_PHONE = Limit("codes to a phone", 10, HOUR)
CODES_OF_PHONE_AND_SOURCE = Limit("codes to a phone by source", 5, HOUR)
CODES_OF_SOURCE = Limit("codes by source", 60, HOUR)
"""A community centre signs many people up behind one address."""


def send_code(*, phone: str, source: str, now: datetime) -> UUID:
    """Send a code to the account of this number; returns what `redeem_code` needs.

    A number that nobody signs in with is answered the same, and gets nothing. The code goes out
    through `settings.CODE_SENDER`, a function of (phone, code, language, now), in the transaction
    that keeps it.

    Raises:
        BadPhone: not a telephone number.
        TooManyAttempts: too many codes were asked for.
    """
    number = phones.normalized(phone)
    index = phones.index(number)
    limits.take(CODES_OF_SOURCE, source, now=now)
    limits.take(CODES_OF_PHONE_AND_SOURCE, index, source, now=now)
    limits.take(CODES_OF_PHONE, index, now=now)
    asked = new_id()
    user = _citizens().filter(phone_index=index).first()
    if user is not None:
        _send(asked, user, number, now=now)
    return asked


@transaction.atomic
def _send(asked: UUID, user: User, number: str, *, now: datetime) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    SignInCode.objects.create(
        id=asked, user=user, hash=_hashed(asked, code), expires_at=now + CODE_LIVES
    )
    import_string(settings.CODE_SENDER)(number, code, user.language, now)


def redeem_code(asked: UUID, *, code: str, now: datetime) -> User:
    """The account a code signs in; each code once, and five tries at it.

    The try is counted before it is compared, outside of any transaction.

    Raises:
        BadCode: wrong, used, too old, or tried too often.
    """
    alive = SignInCode.objects.filter(pk=asked, used_at=None, expires_at__gt=now)
    if not alive.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise BadCode
    if not alive.filter(hash__in=_hashed(asked, code.strip()).by_every_key).update(used_at=now):
        raise BadCode
    user = _citizens().filter(pk=SignInCode.objects.get(pk=asked).user_id).first()
    if user is None:
        raise BadCode
    return user


def forget_old_codes(*, now: datetime) -> int:
    """Drop codes past their time; returns how many."""
    return SignInCode.objects.filter(expires_at__lt=now).delete()[0]


def _citizens() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role__in=STAFF_ROLES)


def _hashed(asked: UUID, code: str) -> BlindIndex:
    return crypto.blind_index(code, context=f"sign-in code {asked}")
