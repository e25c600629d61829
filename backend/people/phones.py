"""Telephone numbers: one written form, its blind index, and how little of it a list shows."""

import re
import unicodedata

from backend.core import crypto
from backend.core.crypto import BlindIndex
from backend.people.errors import BadPhone

_FILLER = re.compile(r"[\s().\-‐-―/]+")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""Source: ITU-T E.164, at most 15 digits."""
_CHINESE = re.compile(r"1[3-9]\d{9}|0[1-9]\d{8,10}|[48]00\d{7}", re.ASCII)
"""Mobiles, landlines with their area code, 400 and 800 numbers, as dialled at home."""
CHINA = "+86"
MOBILE = re.compile(r"\+861[3-9]\d{9}", re.ASCII)
_MOBILE_BEGINS = re.compile(r"\+861[3-9]")


def normalized(phone: str) -> str:
    """A number as we keep it: "190 0000-0001" becomes "+8619000000001".

    Raises:
        BadPhone: it is not a full number.
    """
    plain = _FILLER.sub("", unicodedata.normalize("NFKC", phone))
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    elif MOBILE.fullmatch("+" + plain):
        plain = "+" + plain
    elif _CHINESE.fullmatch(plain):
        plain = CHINA + plain.removeprefix("0")
    wrong_mobile = _MOBILE_BEGINS.match(plain) and not MOBILE.fullmatch(plain)
    if wrong_mobile or not _INTERNATIONAL.fullmatch(plain):
        raise BadPhone(fields={"phone": ["bad_phone"]})
    return plain


def index(phone: str) -> BlindIndex:
    """The blind index by which a normalized number is found; "" for none."""
    return crypto.blind_index(phone, context="phone") if phone else crypto.NO_INDEX


def index_as_given(phone: str) -> BlindIndex:
    """The index of a number as somebody wrote it; "" when it is no number."""
    try:
        return index(normalized(phone))
    except BadPhone:
        return crypto.NO_INDEX


def masked(phone: str) -> str:
    """What a list shows: "138****1234"."""
    local = phone.removeprefix(CHINA)
    if not local:
        return ""
    return f"{local[:3]}****{local[-4:]}" if len(local) > 7 else "****"
