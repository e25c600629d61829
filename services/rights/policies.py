"""Who may ask about whose data, and who decides."""

from collections.abc import Mapping
from datetime import timedelta

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role
from backend.people.models import Contact
from services.community.doers import Doer
from services.rights.models import RightsRequest

Kind = RightsRequest.Kind

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_DECIDES = {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_SELF = {Role.RESIDENT: Scope.SELF}
_FAMILY = {Role.FAMILY: Scope.HOUSEHOLD}
_CITIZENS = {**_SELF, **_FAMILY}

ACCESS = [
    *grant("rights-requests", "list read create", {**_DESK, **_CITIZENS}),
    *grant("rights-requests", "ask follow withdraw fetch unfreeze", _CITIZENS),
    *grant("rights-requests", "board", _DESK),
    *grant("rights-requests", "take approve confirm refuse thaw fetch-for", _DECIDES),
    *grant("my-rights", "read", _SELF),
    *grant("family-rights", "read", _FAMILY),
    *grant("after-death", "change", _SELF),
    *grant("legal-holds", "change", {Role.OFFICER: Scope.AREA}),
]

FIELDS = [
    *fields("rights-requests", "list read", "*"),
    *fields("rights-requests", "create", "resident kind about words proof"),
    *fields("rights-requests", "approve refuse", "answer"),
]

CLOCKWORK = Doer("system:rights")
COPY_KEPT = timedelta(days=7)
NOT_PREPARED = "not_prepared"
"""The event of a copy that failed."""

KIN_MAY_ASK = (Kind.COPY, Kind.CORRECT, Kind.DELETE)
"""Source: Personal Information Protection Law, article 49."""
CLOSE_KIN = (
    Contact.Relation.DAUGHTER,
    Contact.Relation.SON,
    Contact.Relation.SPOUSE,
    Contact.Relation.SIBLING,
    Contact.Relation.RELATIVE,
)
"""Source: Civil Code, article 1045; parents, grandparents and grandchildren are "relatives" here,
and their paper says which."""

CORRECTABLE: Mapping[str, int] = {
    "name": 60,
    "birth_date": 10,
    "id_number": 18,
    "phone": 20,
    "second_phone": 20,
    "conditions": 500,
    "allergies": 500,
    "medicines": 500,
}
"""Fields that a correction writes by itself once it is approved; other things are put right where
they stand, and then answered."""
OTHER = "other"
