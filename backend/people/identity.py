"""Identity numbers of GB 11643-1999: checksum and date only.

The county code is not checked: cards of people born before their county's code existed are real.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from backend.core import crypto
from backend.core.crypto import BlindIndex
from backend.people.errors import BadIdNumber
from backend.people.models import Resident

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
"""Source: GB 11643-1999, ISO 7064 MOD 11-2."""
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)


@dataclass(frozen=True)
class IdNumber:
    """A number that is right, and what it says."""

    number: str
    birth_date: date
    sex: Resident.Sex


def read_id_number(text: str, *, today: date) -> IdNumber:
    """Check a number as written on a card.

    Raises:
        BadIdNumber: length, date (none, or in the future) or checksum is wrong.
    """
    number = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if not _FORM.fullmatch(number):
        raise _bad("id_number_length")
    if check_sign(number[:17]) != number[17]:
        raise _bad("id_number_checksum")
    birth_date = _date(number[6:14])
    if birth_date is None or birth_date > today:
        raise _bad("id_number_date")
    sex = Resident.Sex.MALE if int(number[16]) % 2 else Resident.Sex.FEMALE
    return IdNumber(number, birth_date, sex)


def check_sign(first_17: str) -> str:
    """The last sign that belongs to the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_SIGNS[total % 11]


def index(number: str) -> BlindIndex:
    """The blind index by which an identity number is found; "" for none."""
    return crypto.blind_index(number, context="id_number") if number else crypto.NO_INDEX


def masked(number: str) -> str:
    """What a page shows: "3202**********1234"."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}" if number else ""


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _bad(code: str) -> BadIdNumber:
    return BadIdNumber(fields={"id_number": [code]})
