"""Accounts' rows of the access table: what everybody may do with their own account."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

_OWN = dict.fromkeys(Role, Scope.SELF)

ACCESS = [
    *grant("me", "read", _OWN),
    *grant("tokens", "list delete revoke", _OWN),
    *grant("sos-tokens", "create", {Role.RESIDENT: Scope.SELF}),
]

FIELDS = [
    *fields("sos-tokens", "create", "label"),
]
