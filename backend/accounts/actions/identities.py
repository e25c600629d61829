"""Linking accounts with a digital identity."""

from datetime import datetime

from django.db import transaction

from backend.accounts.errors import BadIdentity
from backend.accounts.models import STAFF_ROLES, Identity, User
from backend.accounts.proofs import Claims
from backend.accounts.record import note
from backend.audit.models import AuditRow
from backend.people import phones


@transaction.atomic
def user_of_identity(claims: Claims, *, now: datetime) -> User:
    """The account of somebody whom the issuer names.

    The first time, the one that signs in with the number which the issuer verified; an account
    of staff is never found so.

    Raises:
        BadIdentity: nobody's here, or of a closed account.
    """
    linked = Identity.objects.filter(issuer=claims.issuer, subject=claims.subject)
    identity = linked.select_related("user").first()
    if identity is not None:
        if not identity.user.is_active:
            raise BadIdentity
        return identity.user
    user = None
    if claims.phone:
        citizens = User.objects.filter(is_active=True).exclude(role__in=STAFF_ROLES)
        user = citizens.filter(phone_index=phones.index(claims.phone)).first()
    if user is None:
        raise BadIdentity
    _link(user, claims, how="phone", now=now)
    return user


@transaction.atomic
def link_identity(user: User, claims: Claims, *, now: datetime) -> None:
    """Let the account sign in by this identity; again changes nothing.

    Raises:
        BadIdentity: it is another account's, or this one is of staff.
    """
    held = Identity.objects.filter(issuer=claims.issuer, subject=claims.subject).first()
    if user.is_staff_role or (held is not None and held.user_id != user.pk):
        raise BadIdentity
    if held is None:
        _link(user, claims, how="signed_in", now=now)


@transaction.atomic
def unlink_identities(user: User, *, by: str, now: datetime) -> None:
    """Let no identity sign in to the account any more."""
    if Identity.objects.filter(user=user).delete()[0]:
        note(user, "account.identity_unlinked", action=AuditRow.Action.DELETE, by=by, now=now)


def _link(user: User, claims: Claims, *, how: str, now: datetime) -> None:
    Identity.objects.create(
        user=user, issuer=claims.issuer, subject=claims.subject, linked_at=now, how=how
    )
    note(
        user,
        "account.identity_linked",
        action=AuditRow.Action.CREATE,
        by=user.reference,
        now=now,
        data={"how": how},
    )
