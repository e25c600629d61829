"""Signatures of what we tell. Source: Standard Webhooks 1.0, symmetric signatures."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret in the form that receivers' libraries read."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(body: bytes, *, notice_id: str, at: datetime, keys: Iterable[str]) -> dict[str, str]:
    """The headers by which a receiver knows us, and what is old or came before.

    One signature a key, so that a receiver may change its secret without losing a notice.
    """
    stamp = str(int(at.timestamp()))
    signed = f"{notice_id}.{stamp}.".encode() + body
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
