"""Who may see and enter what the rules need: facts, parameters, screenings, rulings."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

_OFFICE = {Role.OFFICER: Scope.AREA}
_READS = {**_OFFICE, Role.AUDITOR: Scope.AREA}

ACCESS = [
    *grant("known-facts", "create", _OFFICE),
    *grant("rulings", "read", _READS),
    *grant("screenings", "list", _READS),
    *grant("screenings", "read", _OFFICE),
    *grant("entered-parameters", "list create confirm drop", {Role.OFFICER: Scope.ALL}),
    *grant("my-benefits", "read", {Role.RESIDENT: Scope.SELF}),
]

FIELDS = [
    *fields("known-facts", "create", "resident facts source as_of"),
]
