"""The first step of an account of staff: its person chooses the password by a link."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from backend.accounts import tokens
from backend.accounts.errors import BadLink, HasBegun
from backend.accounts.models import SignInLink, User
from backend.accounts.record import note
from backend.audit.models import AuditRow
from backend.core.errors import Invalid

START_LIVES = timedelta(hours=24)
"""Source: OWASP ASVS 5.0, 6.4.1 (a first secret is short-lived); our own time."""
CHANGE = AuditRow.Action.CHANGE


@transaction.atomic
def issue_start_link(user: User, *, by: str, now: datetime) -> str:
    """The address where somebody new chooses their password, once, within a day; shown once.

    A link that was given before opens nothing any more.

    Raises:
        HasBegun: the account has a password, is closed, or is not of staff.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    if not _may_begin(held):
        raise HasBegun
    SignInLink.objects.filter(user=held, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=held, hash=tokens.hashed(token), expires_at=now + START_LIVES)
    note(held, "account.start_link", action=CHANGE, by=by, now=now)
    return settings.ENV.public_url + reverse("start", args=[token])


def user_of_start_link(token: str, *, now: datetime) -> User:
    """Whose first step this link is.

    Raises:
        BadLink: unknown, used, too old, or of an account that has a password.
    """
    return _fresh_link(token, now=now).user


@transaction.atomic
def begin_account(token: str, *, password: str, now: datetime) -> User:
    """Use the link up for a password. The second factor is asked for when they sign in.

    Raises:
        BadLink: unknown, used, too old, or of an account that has a password.
        Invalid: a password against the rules of the profile.
    """
    link = _fresh_link(token, now=now)
    user = User.objects.select_for_update().get(pk=link.user_id)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise BadLink
    user.set_password(password)
    user.password_changed_at = now
    user.save(update_fields=["password", "password_changed_at"])
    note(user, "account.begun", action=CHANGE, by=user.reference, now=now, fields=["password"])
    return user


def _fresh_link(token: str, *, now: datetime) -> SignInLink:
    fresh = SignInLink.objects.filter(used_at=None, expires_at__gt=now)
    link = fresh.select_related("user").filter(hash=tokens.hashed(token)).first()
    if link is None or not _may_begin(link.user):
        raise BadLink
    return link


def _may_begin(user: User) -> bool:
    return user.is_staff_role and user.is_active and not user.has_usable_password()
