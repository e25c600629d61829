"""Who may see, answer, check and confirm."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

_OFFICE = {Role.OFFICER: Scope.AREA}
_CITIZENS = {Role.RESIDENT: Scope.SELF, Role.FAMILY: Scope.HOUSEHOLD}
_AUDITS = {Role.AUDITOR: Scope.AREA}

ACCESS = [
    *grant("benefit-offers", "list read", {**_OFFICE, **_CITIZENS, **_AUDITS}),
    *grant("benefit-offers", "answer", {**_OFFICE, **_CITIZENS}),
    *grant("benefit-offers", "ask follow-up", _OFFICE),
    *grant("benefit-offers", "own", {Role.RESIDENT: Scope.SELF}),
    *grant("benefit-offers", "family", {Role.FAMILY: Scope.HOUSEHOLD}),
    *grant("entitlements", "list read", {**_OFFICE, **_CITIZENS, **_AUDITS}),
    *grant("entitlements", "change check confirm send-back end", _OFFICE),
]

_ENTITLEMENT = (
    "id resident area offer benefit state amount_fen starts_on ends_on end_reason proposed_at "
    "checked_at confirmed_at ruling"
)

FIELDS = [
    *fields("benefit-offers", "list read", "*"),
    *fields(
        "entitlements",
        "list read",
        {
            **dict.fromkeys(Role, f"{_ENTITLEMENT} checked_by confirmed_by"),
            Role.RESIDENT: _ENTITLEMENT,
            Role.FAMILY: _ENTITLEMENT,
        },
    ),
    *fields("benefit-offers", "answer", "takes"),
    *fields("benefit-offers", "follow-up", "text"),
    *fields("entitlements", "check", "account"),
    *fields("entitlements", "send-back", "text"),
    *fields("entitlements", "end", "on reason"),
]
