"""What was proved about somebody who signs in, without the libraries that check it.

Whatever changes accounts rests on these alone: processes that check nobody load no such library.
"""

from dataclasses import dataclass

from backend.accounts.models import Passkey


@dataclass(frozen=True)
class Claims:
    """What the issuer says of somebody; `phone` only where the issuer verified it."""

    issuer: str
    subject: str
    phone: str = ""


@dataclass(frozen=True)
class Made:
    """A new credential, verified."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Shown:
    """A passkey that signed our challenge; `verified`: by finger, face or PIN."""

    passkey: Passkey
    sign_count: int
    verified: bool
