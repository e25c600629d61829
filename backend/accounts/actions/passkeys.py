"""Adding, using, naming and removing passkeys."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from backend.accounts import factors
from backend.accounts.actions.recovering import end_recoveries
from backend.accounts.errors import BadPasskey, LastFactor
from backend.accounts.models import Passkey, User
from backend.accounts.proofs import Made, Shown
from backend.accounts.record import note
from backend.audit import actions as audit
from backend.audit.models import AuditRow


@transaction.atomic
def add_passkey(user: User, *, made: Made, name: str, by: str, now: datetime) -> Passkey:
    """Let the account sign in by this passkey.

    Raises:
        BadPasskey: it is an account's already.
    """
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise BadPasskey
    passkey = Passkey.objects.create(
        user=user,
        name=name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        created_at=now,
    )
    end_recoveries(user, now=now)
    note(user, "account.passkey_added", action=AuditRow.Action.CREATE, by=by, now=now)
    return passkey


def use_passkey(shown: Shown, *, now: datetime) -> User:
    """The account that this passkey signs in, with both factors where the person was verified.

    Raises:
        BadPasskey: a closed account, staff without finger, face or PIN, or a counter that does
            not grow: the key may have been copied. Source: W3C Web Authentication level 2, 7.2,
            step 21.
    """
    user = shown.passkey.user
    fresh = Passkey.objects.filter(pk=shown.passkey.pk, user__is_active=True).filter(
        Q(sign_count__lt=shown.sign_count) | Q(sign_count=0) & Q(sign_count=shown.sign_count)
    )
    is_verified = shown.verified or not user.is_staff_role
    if not is_verified or not fresh.update(sign_count=shown.sign_count, last_used_at=now):
        audit.record(
            actor=user.reference,
            action=AuditRow.Action.REFUSED,
            subject=user.reference,
            now=now,
            reason="passkey",
        )
        raise BadPasskey
    return user


@transaction.atomic
def rename_passkey(passkey: Passkey, *, name: str, by: str, now: datetime) -> None:
    """Call it something else."""
    if Passkey.objects.filter(pk=passkey.pk).exclude(name=name).update(name=name):
        change = AuditRow.Action.CHANGE
        note(passkey.user, "account.passkey_named", action=change, by=by, now=now)


@transaction.atomic
def remove_passkey(passkey: Passkey, *, by: str, now: datetime) -> None:
    """Let it open nothing any more.

    Raises:
        LastFactor: staff would have no second factor left.
    """
    user = User.objects.select_for_update().get(pk=passkey.user_id)
    Passkey.objects.filter(pk=passkey.pk).delete()
    if user.is_staff_role and not factors.has_factor(user):
        raise LastFactor
    note(user, "account.passkey_removed", action=AuditRow.Action.DELETE, by=by, now=now)
