"""The code that a resident says to whoever comes: proof of being there that needs no position.

It is reckoned from the visit and the half hour, so nothing is stored, and a telephone that was
offline can prove afterwards what was said at the door. Source: RFC 6238, with our own secret.
"""

import hmac
import unicodedata
from datetime import datetime

from django.conf import settings

from services.visits.models import Visit
from services.visits.policies import CODE_HOLDS

DIGITS = 6


def code_of(visit: Visit, *, at: datetime) -> str:
    """The code of a visit at a moment."""
    return _code(visit, _step(at))


def is_code_of(visit: Visit, code: str, *, at: datetime) -> bool:
    """Whether this is the visit's code of the moment, or of the half hour before it."""
    digits = (unicodedata.decimal(sign, None) for sign in code)
    given = "".join(str(digit) for digit in digits if digit is not None)
    step = _step(at)
    return any(hmac.compare_digest(_code(visit, each), given) for each in (step, step - 1))


def _step(at: datetime) -> int:
    return int(at.timestamp() // CODE_HOLDS.total_seconds())


def _code(visit: Visit, step: int) -> str:
    said = f"visit-code {visit.pk} {step}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), said, "sha256")
    return str(int.from_bytes(digest[:8], "big") % 10**DIGITS).zfill(DIGITS)
