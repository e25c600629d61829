"""How allauth's second factors are kept: secrets encrypted like any other field."""

import json
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter

from backend.core import crypto, rotation

CONTEXT = "mfa_authenticator.data"
SEALED = ("secret", "seed")
"""Which of what is kept is encrypted: of a TOTP authenticator, of recovery codes."""


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """The setting MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return crypto.encrypt(text, context=CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return crypto.decrypt(encrypted_text, context=CONTEXT)


def _renewed(_key: Any, values: dict[str, Any]) -> dict[str, Any]:
    data = json.loads(values["data"])
    old = {
        name: data[name]
        for name in SEALED
        if data.get(name) and crypto.key_id_of(data[name]) != crypto.writing_key_id()
    }
    if not old:
        return {}
    text = {name: crypto.decrypt(stored, context=CONTEXT) for name, stored in old.items()}
    new = {name: crypto.encrypt(each, context=CONTEXT) for name, each in text.items()}
    return {"data": json.dumps({**data, **new})}


rotation.register(
    rotation.Place(table="mfa_authenticator", key="id", columns=["data"], renewed=_renewed)
)
