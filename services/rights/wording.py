"""What somebody says would be right, in the form in which it can be entered."""

import re
import unicodedata
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.people import phones
from backend.people.errors import BadIdNumber, BadPhone
from backend.people.identity import read_id_number
from services.rights import policies

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", re.ASCII)
"""1943-03-09, 1943.3.9, 1943/3/9, 1943年3月9日."""


def as_entered(about: str, words: str, *, now: datetime) -> str:
    """The words as a correction of this field takes them.

    Raises:
        ValidationError: it cannot be entered; says how to write it.
    """
    words = words.strip()
    match about:
        case "birth_date":
            return _day(words, today=timezone.localdate(now))
        case "phone" | "second_phone":
            return _phone(words)
        case "id_number":
            return _id_number(words, today=timezone.localdate(now))
    longest = policies.CORRECTABLE.get(about, len(words))
    if len(words) > longest:
        shorter = _("This is too long. At most %(count)s characters can be entered.")
        raise ValidationError(shorter, params={"count": longest})
    return words


def _day(words: str, *, today: date) -> str:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", words))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise ValidationError(_("Please write year, month and day in figures, like 1943-03-09."))
    return day.isoformat()


def _phone(words: str) -> str:
    try:
        return phones.normalized(words)
    except BadPhone as error:
        alone = _("Please write the whole telephone number, and nothing else.")
        raise ValidationError(alone) from error


def _id_number(words: str, *, today: date) -> str:
    try:
        return read_id_number(words, today=today).number
    except BadIdNumber as error:
        from_card = _("This is not an identity number. Please copy all 18 signs from the card.")
        raise ValidationError(from_card) from error
