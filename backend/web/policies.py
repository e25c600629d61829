"""Rows of the access table for what backend.web serves."""

from backend.accounts.access import Scope, grant
from backend.accounts.models import STAFF_ROLES, Role

ACCESS = [
    *grant("styles", "read", dict.fromkeys(STAFF_ROLES, Scope.ALL)),
    *grant("audit", "list", {Role.AUDITOR: Scope.ALL}),
]
