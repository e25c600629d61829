"""Links by which providers without an account see their orders."""

import hashlib
import secrets
from datetime import datetime

from services.community import policies
from services.community.doers import Doer
from services.community.errors import LinkEnded
from services.community.models import Provider, ProviderLink

TOKEN_BYTES = 24
"""192 bits of chance, in 32 signs that fit into a text."""


def new_link(provider: Provider, *, by: Doer, now: datetime) -> str:
    """The token of a fresh link; only its hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ProviderLink.objects.create(
        provider=provider,
        hash=_hashed(token),
        made_at=now,
        made_by=by.reference,
        expires_at=now + policies.LINK_HOLDS,
    )
    return token


def provider_of(token: str, *, now: datetime) -> Provider:
    """Whose link it is.

    Raises:
        LinkEnded: nobody's, or not any more.
    """
    link = ProviderLink.objects.filter(hash=_hashed(token)).select_related("provider").first()
    if link is None or not link.holds(now) or not link.provider.active:
        raise LinkEnded
    return link.provider


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
