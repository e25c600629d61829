"""Two sets of rules for signing in that contradict each other; an installation follows one.

GB/T 22239-2019 wants composed passwords that are changed from time to time; OWASP ASVS 5.0 forbids
both (6.2.5, 6.2.10). `SECURITY_PROFILE` says which is in force; `manage.py check --deploy` tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

ProfileName = Literal["asvs", "dengbao3"]

MINIMUM_LENGTH = 12
"""Source: OWASP ASVS 5.0, 6.2.1 (at least 8, 15 recommended)."""
SHIFT = timedelta(hours=12)
"""A shift with its hand-over."""
OWN_SESSION = timedelta(days=180)
"""An old person should not have to sign in again when help is needed."""

_VALIDATORS = "django.contrib.auth.password_validation."
_LONG_AND_UNCOMMON: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATORS}MinimumLengthValidator",
        "OPTIONS": {"min_length": MINIMUM_LENGTH},
    },
    {"NAME": f"{_VALIDATORS}CommonPasswordValidator"},
]
"""Source: OWASP ASVS 5.0, 6.2.1, 6.2.4 (checked against the 3,000 most common at least)."""


@dataclass(frozen=True)
class Profile:
    """The numbers of one set of rules; where a standard names none, they are our own."""

    name: ProfileName
    password_validators: list[dict[str, Any]]
    password_lives: timedelta | None
    """After which staff choose another; None: never without a reason."""
    wrong_free: int
    """Wrong passwords from one source before the pauses begin."""
    first_pause: timedelta
    """It doubles with each further one."""
    longest_pause: timedelta
    idle: Mapping[str, timedelta]
    """By role: a session not used for so long has ended; other roles' at their absolute end."""
    absolute: Mapping[str, timedelta]
    """By role: a session ends then however much it is used; others' after OWN_SESSION."""


_STAFF = ("caregiver", "operator", "lead", "officer", "auditor", "administrator", "security")
_AT_A_DESK = ("lead", "officer")
_ADMINISTER = ("auditor", "administrator", "security")

ASVS = Profile(
    name="asvs",
    password_validators=_LONG_AND_UNCOMMON,
    password_lives=None,
    wrong_free=5,
    first_pause=timedelta(seconds=30),
    longest_pause=timedelta(minutes=15),
    idle={
        **dict.fromkeys(_AT_A_DESK, timedelta(hours=1)),
        **dict.fromkeys(_ADMINISTER, timedelta(minutes=30)),
    },
    absolute=dict.fromkeys(_STAFF, SHIFT),
)
"""Source: OWASP ASVS 5.0, 6.2.5 (no composition), 6.2.10 (no rotation), 6.3.1, 7.3.1, 7.3.2."""

DENGBAO3 = Profile(
    name="dengbao3",
    password_validators=[
        *_LONG_AND_UNCOMMON,
        {"NAME": "backend.accounts.password_rules.ThreeOfFourKinds"},
    ],
    password_lives=timedelta(days=90),
    wrong_free=4,
    first_pause=timedelta(minutes=5),
    longest_pause=timedelta(minutes=30),
    idle={
        **dict.fromkeys(_AT_A_DESK, timedelta(minutes=30)),
        **dict.fromkeys(_ADMINISTER, timedelta(minutes=10)),
    },
    absolute=dict.fromkeys(_STAFF, SHIFT),
)
"""Source: GB/T 22239-2019, 8.1.4.1 a (L3-CES1-01: complexity, periodic change), b (L3-CES1-02:
failed sign-ins are limited, a session that times out is ended). The standard names no figures."""

PROFILES: Mapping[str, Profile] = {each.name: each for each in (ASVS, DENGBAO3)}
