"""Who may see and handle alerts."""

from backend.accounts.access import Scope, grant
from backend.accounts.models import Role

_DESK = {
    Role.OPERATOR: Scope.AREA,
    Role.LEAD: Scope.AREA,
    Role.OFFICER: Scope.AREA,
}

ACCESS = [
    *grant("alerts", "list read", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("alerts", "acknowledge assign resolve mark-false", _DESK),
]
