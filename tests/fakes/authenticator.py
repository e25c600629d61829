"""An authenticator that makes and shows passkeys, in software: the browser's side of fido2."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "http://testserver"
FLAG = AuthenticatorData.FLAG


class Authenticator:
    """One device with one key; `verifies`: it asks for finger, face or PIN."""

    def __init__(self, *, verifies: bool = True, origin: str = ORIGIN, counts: bool = False):
        """A fresh key."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.verifies = verifies
        self.origin = origin
        self.counts = counts
        self.count = 0

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to options for a new passkey."""
        asked = options["publicKey"]
        public_key = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public_key)
        data = AuthenticatorData.create(
            _hash(asked["rp"]["id"]), self._flags() | FLAG.AT, self._next(), credential
        )
        attested = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            clientDataJSON=client.b64, attestationObject=websafe_encode(bytes(attested))
        )

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a challenge."""
        asked = options["publicKey"]
        data = AuthenticatorData.create(_hash(asked["rpId"]), self._flags(), self._next())
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client.b64,
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(signature),
        )

    def _answer(self, **response: str) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _flags(self) -> FLAG:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _next(self) -> int:
        self.count += self.counts
        return self.count

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return CollectedClientData(json.dumps(said).encode())


def _hash(rp_id: str) -> bytes:
    return hashlib.sha256(rp_id.encode()).digest()
