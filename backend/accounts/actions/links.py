"""Links that sign one account in once: for enrolment, and for the demo's every role."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from backend.accounts import tokens
from backend.accounts.errors import BadLink
from backend.accounts.models import SignInLink, User

LINK_LIVES = timedelta(days=30)


def issue_sign_in_link(user: User, *, now: datetime, lives: timedelta = LINK_LIVES) -> str:
    """The full address of a fresh link."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, hash=tokens.hashed(token), expires_at=now + lives)
    return settings.ENV.public_url + reverse("sign-in-link", args=[token])


@transaction.atomic
def redeem_link(token: str, *, now: datetime) -> User:
    """The account a link signs in, once.

    A link of staff counts as both factors, so it works in the demo only.

    Raises:
        BadLink: unknown, used, too old, of a closed account, or of staff outside the demo.
    """
    link = SignInLink.objects.select_related("user").filter(hash=tokens.hashed(token)).first()
    if link is None or not link.user.is_active:
        raise BadLink
    if link.user.is_staff_role and not settings.ENV.yian_demo:
        raise BadLink
    fresh = SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    if not fresh.update(used_at=now):
        raise BadLink
    return link.user
