"""Who may assess, sign and see it."""

from backend.accounts.access import Scope, grant
from backend.accounts.models import Role

_ASSESSES = {
    Role.OFFICER: Scope.AREA,
    Role.LEAD: Scope.AREA,
    Role.CAREGIVER: Scope.ASSIGNED,
}

ACCESS = [
    *grant("ability-assessments", "list read create sign drop", _ASSESSES),
    *grant("ability-assessments", "rounds", {Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("ability-assessments", "of-resident", {Role.OFFICER: Scope.AREA, Role.LEAD: Scope.AREA}),
]
