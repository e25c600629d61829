"""Opaque tokens: `yian_<kind>_<43 url-safe characters>`; only a hash is kept."""

import hashlib
import re
import secrets

FORM = re.compile(r"yian_(?P<kind>api|dev|gw|sos)_[A-Za-z0-9_-]{43}")


def new(kind: str) -> str:
    """A fresh token with 256 bits of chance."""
    return f"yian_{kind}_{secrets.token_urlsafe(32)}"


def hashed(token: str) -> str:
    """What is stored; a plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer(header: str) -> str:
    """The token of an Authorization header, or "" when there is none of our form."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and FORM.fullmatch(token.strip()):
        return token.strip()
    return ""
