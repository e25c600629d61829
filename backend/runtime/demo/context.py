"""What the demo's seeders share: size, chance, time, and what they hand out."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.people.phones import CHINA

BY = "user:demo"
"""Who the demo's rows say made them."""
DISTRICT_CODE = "320299"
"""No real district has it, so the invented identity numbers are nobody's."""

_IDS = uuid.UUID("7c0f0f0e-5d4a-4c63-9a51-0d2f6f1b7a11")


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    streets: int = 5
    residents: int = 2_000
    caregivers: int = 120
    equipped_homes: int = 600
    caregiver_accounts: int = 24


FULL = Size()
SMALL = Size(streets=1, residents=200, caregivers=32, equipped_homes=40, caregiver_accounts=20)


@dataclass(frozen=True)
class Context:
    """One run of the seeders.

    `is_new`: the district is not there yet. `issues`: tokens and passwords are made anew and
    handed out in `out`, because nobody holds the old ones.
    """

    seed: int
    size: Size
    now: datetime
    is_new: bool
    issues: bool
    out: dict[str, Any] = field(default_factory=dict)

    def chance(self, part: str) -> random.Random:
        """Chance of its own for each part, so that a change in one moves no other."""
        return random.Random(f"{self.seed} {part}")  # noqa: S311 - invented people, no secrets


def new_id(chance: random.Random) -> uuid.UUID:
    """An identifier that is the same for the same seed."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def known_id(name: str) -> uuid.UUID:
    """The identifier of somebody or something that the demo's stories name."""
    return uuid.uuid5(_IDS, name)


def phone_number(number: int) -> str:
    """A number of the demo's telephones: +86 190 0000 xxxx."""
    if not 0 < number < 10_000:
        raise ValueError("the demo has 9,999 telephones")
    return f"{CHINA}1900000{number:04d}"
