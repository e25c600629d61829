"""Second factors of whichever kind: an authenticator app or a passkey."""

from uuid import UUID

from allauth.mfa.models import Authenticator

from backend.accounts import totp
from backend.accounts.models import Passkey, Recovery, User


def has_factor(user: User) -> bool:
    """Whether the account has any."""
    return totp.is_enrolled(user) or Passkey.objects.filter(user=user).exists()


def may_enrol(user: User, *, recovery: UUID | None) -> bool:
    """Whether who has shown the password alone may set up a first factor.

    After a recovery, only who came by its link may: the password alone would let in whoever has
    found it out.
    """
    if has_factor(user):
        return False
    last = Recovery.objects.filter(user=user).exclude(confirmed_at=None).order_by("-asked_at")
    confirmed = last.first()
    if confirmed is None or confirmed.enrolled_at:
        return True
    return confirmed.ended_at is None and confirmed.pk == recovery


def drop_all(user: User) -> None:
    """Let every factor of the account open nothing any more."""
    Authenticator.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
