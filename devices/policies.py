"""Who may see and manage devices."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

_MANAGES = {Role.LEAD: Scope.AREA, Role.ADMINISTRATOR: Scope.AREA}
_SEES = {**_MANAGES, Role.OPERATOR: Scope.AREA, Role.OFFICER: Scope.AREA, Role.AUDITOR: Scope.AREA}

ACCESS = [
    *grant("devices", "list read", _SEES),
    *grant("devices", "create change delete token", _MANAGES),
]

FIELDS = [
    *fields("devices", "list read", "*"),
    *fields(
        "devices",
        "create change",
        "kind label room adapter external_id model firmware gateway household resident active",
    ),
]
