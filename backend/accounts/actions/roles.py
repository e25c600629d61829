"""Giving an account of staff another role."""

from datetime import datetime

from django.db import transaction

from backend.accounts import policies
from backend.accounts.actions.ending import end_everything_of
from backend.accounts.models import Role, User
from backend.accounts.record import note
from backend.audit.models import AuditRow


@transaction.atomic
def change_role(user: User, *, role: Role, by: User, now: datetime) -> None:
    """Give the account another role; what it had open ends, so that nothing of the old one stays.

    Raises:
        OwnAccount: nobody changes their own.
        Invalid: not of staff, or not a role of staff.
        AdministersAlready: it was another of the three administrators once.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    policies.require_may_give(role, to=held, by=by)
    if held.role == role:
        return
    data = {"from": held.role, "role": role.value}
    User.objects.filter(pk=held.pk).update(role=role)
    end_everything_of(held, by=by.reference, now=now)
    note(
        held,
        "account.role_changed",
        action=AuditRow.Action.CHANGE,
        by=by.reference,
        now=now,
        fields=["role"],
        data=data,
    )
