"""Staff who lost their second factor: one asks for them, another confirms, they enrol anew.

Nothing of the account opens between the confirmation and the new factor: the old factors,
sessions and tokens are gone, and the password alone enrols nothing (`factors.may_enrol`).
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string

from backend.accounts import factors, policies, tokens
from backend.accounts.actions.ending import end_everything_of
from backend.accounts.errors import BadLink, NoRecovery
from backend.accounts.models import Recovery, User
from backend.accounts.record import note
from backend.audit.models import AuditRow
from backend.core.errors import Invalid

CONFIRM_WITHIN = timedelta(hours=1)
LINK_LIVES = timedelta(hours=1)
"""Source: OWASP ASVS 5.0, 6.4.6 (an initial or recovered factor is used soon); our own time."""
CHANGE = AuditRow.Action.CHANGE


@transaction.atomic
def ask_recovery(user: User, *, reason: str, by: User, now: datetime) -> Recovery:
    """Ask for a new second factor for somebody; an earlier one that still waits is replaced.

    Raises:
        OwnAccount: nobody asks for themselves.
        Invalid: not of staff, who alone have a second factor, or no reason.
    """
    policies.require_may_recover(user, asked_by=by)
    if not user.is_staff_role or not user.is_active or not reason.strip():
        raise Invalid(fields={"reason": ["missing"]})
    _lock(user)
    Recovery.objects.filter(user=user, ended_at=None).update(ended_at=now)
    recovery = Recovery.objects.create(
        user=user,
        reason=reason.strip(),
        asked_by=by,
        asked_at=now,
        confirm_until=now + CONFIRM_WITHIN,
    )
    note(user, "account.recovery_asked", action=CHANGE, by=by.reference, now=now)
    _tell(user, "recovery_asked", now=now)
    return recovery


@transaction.atomic
def confirm_recovery(user: User, *, by: User, now: datetime) -> str:
    """Agree as the second person; returns the address of the link, shown once.

    All the account had opens nothing from now on.

    Raises:
        NoRecovery: nobody asked within the hour.
        OwnAccount: by who asked, or by the person.
        SecurityMustAgree: an administrator's account, and neither is a security administrator.
    """
    _lock(user)
    waiting = Recovery.objects.filter(
        user=user, ended_at=None, confirmed_at=None, confirm_until__gt=now
    )
    recovery = waiting.select_related("asked_by").first()
    if recovery is None:
        raise NoRecovery
    policies.require_may_recover(user, asked_by=recovery.asked_by, confirmed_by=by)
    token = secrets.token_urlsafe(32)
    waiting.update(
        confirmed_by=by,
        confirmed_at=now,
        link_hash=tokens.hashed(token),
        link_until=now + LINK_LIVES,
    )
    factors.drop_all(user)
    end_everything_of(user, by=by.reference, now=now)
    note(user, "account.recovery_confirmed", action=CHANGE, by=by.reference, now=now)
    _tell(user, "recovery_confirmed", now=now)
    return settings.ENV.public_url + reverse("recover", args=[token])


def recovery_of_link(token: str, *, now: datetime) -> Recovery:
    """The recovery whose link this is, and which was not opened before.

    Raises:
        BadLink: unknown, used, too old, or of a closed account.
    """
    found = (
        Recovery.objects.select_related("user")
        .filter(link_hash=tokens.hashed(token), link_until__gt=now, user__is_active=True)
        .filter(opened_at=None, ended_at=None)
        .first()
    )
    if found is None:
        raise BadLink
    return found


def open_recovery(recovery: Recovery, *, now: datetime) -> None:
    """Use its link up; the password was shown.

    Raises:
        BadLink: somebody opened it meanwhile.
    """
    if not Recovery.objects.filter(pk=recovery.pk, opened_at=None).update(opened_at=now):
        raise BadLink


def end_recoveries(user: User, *, now: datetime) -> None:
    """The account has a second factor again."""
    Recovery.objects.filter(user=user, ended_at=None).exclude(confirmed_at=None).update(
        ended_at=now, enrolled_at=now
    )


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _tell(user: User, notice: str, *, now: datetime) -> None:
    if user.phone:
        import_string(settings.NOTICE_SENDER)(user.phone, notice, user.language, now)
