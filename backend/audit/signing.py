"""Ed25519 signatures over what leaves the database: checkpoints, cuts and exports.

Source: RFC 8032. The first key of `AUDIT_KEYS` signs, all of them are believed; without the
setting one is derived from SECRET_KEY.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

KEY_BYTES = 32
DERIVED = "derived"


@dataclass(frozen=True)
class Signature:
    """A signature and the key that made it."""

    key_id: str
    text: str
    """Base64."""


def sign(content: bytes) -> Signature:
    """Sign with the first key."""
    key_id, key = next(iter(_keys(settings.ENV.audit_keys, settings.SECRET_KEY).items()))
    return Signature(key_id, base64.b64encode(key.sign(content)).decode())


def is_ours(content: bytes, signature: Signature) -> bool:
    """Whether one of this installation's keys signed exactly this."""
    key = _keys(settings.ENV.audit_keys, settings.SECRET_KEY).get(signature.key_id)
    return key is not None and _verifies(key.public_key(), content, signature.text)


def is_signed_by(public_key: str, content: bytes, signature: Signature) -> bool:
    """Whether the holder of a public key (base64) signed exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except ValueError:
        return False
    return _verifies(key, content, signature.text)


def public_key() -> str:
    """The public half of the key that signs, base64: what an auditor is given once."""
    key = next(iter(_keys(settings.ENV.audit_keys, settings.SECRET_KEY).values()))
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _verifies(key: Ed25519PublicKey, content: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _keys(audit_keys: str, secret_key: str) -> dict[str, Ed25519PrivateKey]:
    if not audit_keys:
        seed = hmac.digest(secret_key.encode(), b"audit signature", hashlib.sha256)
        return {DERIVED: Ed25519PrivateKey.from_private_bytes(seed)}
    keys = {}
    for entry in audit_keys.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        seed = base64.b64decode(encoded)
        if not key_id or len(seed) != KEY_BYTES:
            raise SystemExit("AUDIT_KEYS: each key is `id:base64 of 32 bytes`.")
        keys[key_id] = Ed25519PrivateKey.from_private_bytes(seed)
    return keys
