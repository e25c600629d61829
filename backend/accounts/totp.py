"""Codes of an authenticator app (TOTP), on the database's clock, each accepted once.

Source: RFC 6238; kept in allauth's table of second factors, so that its passkeys and recovery
codes can stand beside them. allauth's own check counts used codes in a cache for one period; here
the last step used is kept with the secret.
"""

import base64
import secrets
import unicodedata
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from backend.accounts.models import User

SECRET_BYTES = 20
"""Source: RFC 4226, section 4, R6."""
DIGITS = 6
STEP_S = 30
DRIFT_STEPS = 1
"""Codes of the step before and after are taken too. Source: RFC 6238, section 5.2."""
ISSUER = "Yian"


def new_secret() -> str:
    """A fresh secret as authenticator apps write it (base32)."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, moment: datetime) -> str:
    """The code an app shows at a moment."""
    return _totp(secret).generate(int(moment.timestamp())).decode()


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step a code belongs to, or None when it is not of now."""
    given = "".join(unicodedata.normalize("NFKC", code).split()).encode()
    generator, current = _totp(secret), int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if bytes_eq(generator.generate(step * STEP_S), given):
            return step
    return None


def is_enrolled(user: User) -> bool:
    """Whether the account has an authenticator app."""
    return bool(_of(user).exists())


@transaction.atomic
def enrol(user: User, *, secret: str, now: datetime) -> None:
    """Give the account this secret, in place of any before."""
    Authenticator.objects.update_or_create(
        user=user,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": encrypt(secret)}, "created_at": now, "last_used_at": None},
    )


@transaction.atomic
def use_code(user: User, code: str, *, now: datetime) -> bool:
    """Whether the code is right; the same code, or an older one, is not right again."""
    authenticator = _of(user).select_for_update().first()
    if authenticator is None:
        return False
    step = matching_step(decrypt(authenticator.data["secret"]), code, now=now)
    if step is None or step <= authenticator.data.get("last_step", -1):
        return False
    authenticator.data["last_step"] = step
    authenticator.last_used_at = now
    authenticator.save(update_fields=["data", "last_used_at"])
    return True


def address(username: str, secret: str) -> str:
    """The `otpauth:` address that an app reads from a picture or opens by a tap."""
    return _totp(secret).get_provisioning_uri(username, ISSUER)


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret, casefold=True), DIGITS, SHA1(), STEP_S)  # noqa: S303


def _of(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
