"""How allauth's second factors are kept: secrets encrypted like any other field."""

from allauth.mfa.adapter import DefaultMFAAdapter

from backend.core import crypto

CONTEXT = "mfa_authenticator.data"


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """The setting MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return crypto.encrypt(text, context=CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return crypto.decrypt(encrypted_text, context=CONTEXT)
