"""Accounts' rows of the access table, and who may give roles and help to a new second factor."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.errors import AdministersAlready, OwnAccount, SecurityMustAgree
from backend.accounts.models import ADMINISTRATORS, STAFF_ROLES, Role, User
from backend.core.errors import Invalid

_OWN = dict.fromkeys(Role, Scope.SELF)
_OWN_STAFF = dict.fromkeys(sorted(STAFF_ROLES), Scope.SELF)
_SECURES = {Role.SECURITY: Scope.AREA}
_SUPERVISES = {Role.LEAD: Scope.AREA, **_SECURES}

ACCESS = [
    *grant("me", "read", _OWN),
    *grant("tokens", "list delete revoke", _OWN),
    *grant("sos-tokens", "create", {Role.RESIDENT: Scope.SELF}),
    *grant("sessions", "end", _OWN),
    *grant("passkeys", "create change delete", _OWN),
    *grant("identities", "create delete", {Role.RESIDENT: Scope.SELF, Role.FAMILY: Scope.SELF}),
    *grant("passwords", "change", _OWN_STAFF),
    *grant("accounts", "list recover", _SUPERVISES),
    *grant("accounts", "create change-role end-sessions", _SECURES),
]

FIELDS = [
    *fields("me", "read", "*"),
    *fields("tokens", "list", "*"),
    *fields("sos-tokens", "create", "label"),
]


def require_may_give(role: Role, *, to: User, by: User) -> None:
    """Roles are given by others, to staff, and the three administrators never meet in one account.

    Raises:
        OwnAccount: nobody changes their own role.
        Invalid: not of staff, or not a role of staff.
        AdministersAlready: it was another of the three once.
    """
    if to.pk == by.pk:
        raise OwnAccount
    if not to.is_staff_role or role not in STAFF_ROLES:
        raise Invalid(fields={"role": ["not_staff"]})
    if role in ADMINISTRATORS and to.administers not in {"", role}:
        raise AdministersAlready


def require_may_recover(user: User, *, asked_by: User, confirmed_by: User | None = None) -> None:
    """Two people, both others; for an administrator, one of them gives access by office.

    Raises:
        OwnAccount: somebody for themselves, or the same person twice.
        SecurityMustAgree: an administrator's account, and neither is a security administrator.
    """
    people = [asked_by, *([confirmed_by] if confirmed_by else [])]
    if len({user.pk, *(each.pk for each in people)}) != len(people) + 1:
        raise OwnAccount
    is_secured = any(each.role == Role.SECURITY for each in people)
    if confirmed_by and user.role in ADMINISTRATORS and not is_secured:
        raise SecurityMustAgree
