"""Encryption of single fields: AES-256-GCM with key ids, and keyed blind indexes.

The first key of `FIELD_KEYS` writes, all of them read and find; a stored value is
`<key id>:<base64 of nonce + ciphertext + tag>`. `rotation` brings values to the first key.
Source: NIST SP 800-38D (96-bit random nonce).
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(Exception):
    """A stored value cannot be decrypted with the keys given."""


@lru_cache(maxsize=8)
def _keys(field_keys: str) -> dict[str, bytes]:
    keys = {}
    for entry in field_keys.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        key = base64.b64decode(encoded)
        if not key_id or len(key) != KEY_BYTES:
            raise SystemExit("FIELD_KEYS: each key is `id:base64 of 32 bytes`.")
        keys[key_id] = key
    return keys


def encrypt(text: str, *, context: str) -> str:
    """Encrypt one value; `context` (table and column) is authenticated with it."""
    key_id, key = next(iter(_keys(settings.ENV.field_keys).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), context.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, context: str) -> str:
    """Decrypt one value.

    Raises:
        Unreadable: the key is unknown, or the value or its place was tampered with.
    """
    key_id, _, encoded = stored.partition(":")
    key = _keys(settings.ENV.field_keys).get(key_id)
    if key is None:
        raise Unreadable(key_id)
    try:
        raw = base64.b64decode(encoded, validate=True)
        opened = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:  # not base64, too short, or not as it was sealed
        raise Unreadable(context) from error
    return opened.decode()


def key_id_of(stored: str) -> str:
    """Which key a stored value needs."""
    return stored.partition(":")[0]


def key_ids() -> tuple[str, ...]:
    """The keys that are given; the first writes."""
    return tuple(_keys(settings.ENV.field_keys))


def writing_key_id() -> str:
    """The key that writes."""
    return key_ids()[0]


class BlindIndex(str):
    """A keyed hash by which an encrypted value is looked up exactly, never read.

    Itself it is what the first key makes, which is what is stored. While keys are rotated, what
    an earlier key made stands beside it: look-ups in a `BlindIndexField` find either, and
    `matches` compares with a stored one.
    """

    __slots__ = ("by_every_key",)

    by_every_key: tuple[str, ...]

    def __new__(cls, *by_every_key: str) -> "BlindIndex":
        """The first stands for all."""
        index = super().__new__(cls, by_every_key[0])
        index.by_every_key = by_every_key
        return index

    def matches(self, stored: str) -> bool:
        """Whether a stored index is of the same value."""
        return any(hmac.compare_digest(each, stored) for each in self.by_every_key)


NO_INDEX = BlindIndex("")
"""Of no value: what an empty field has."""


def blind_index(text: str, *, context: str) -> BlindIndex:
    """The blind index of a value; equal values of one `context` have equal indexes."""
    keys = _keys(settings.ENV.field_keys).values()
    return BlindIndex(*(_index(key, text, context) for key in keys))


def _index(key: bytes, text: str, context: str) -> str:
    derived = hmac.digest(key, b"blind index", hashlib.sha256)
    return hmac.new(derived, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()
