"""The form in which addresses are compared: no spaces, no marks, one width, one numeral."""

import re
import unicodedata

_NUMERALS = str.maketrans("〇一二三四五六七八九", "0123456789")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SYNONYMS = (("幢", "栋"), ("號", "号"), ("弄堂", "弄"))


def searchable(text: str) -> str:
    """An address as it is compared: "长江路 １２号三幢" becomes "长江路12号3栋"."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_NUMERALS)
    for written, kept in _SYNONYMS:
        plain = plain.replace(written, kept)
    return _NOT_LETTERS.sub("", plain)
