"""Who may do what with cases, home visits and the calendar."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import Role

_OFFICE = {Role.OFFICER: Scope.AREA}
_CITIZENS = {Role.RESIDENT: Scope.SELF, Role.FAMILY: Scope.HOUSEHOLD}

OFFICE_ACTIONS = (
    "receive-paper list-missing accept record-data plan-visit propose object confirm send-back "
    "issue-letter keep decide-appeal note pause resume extend assign"
)

ACCESS = [
    *grant("cases", "list read create", {**_OFFICE, **_CITIZENS}),
    *grant("cases", "list read", {Role.AUDITOR: Scope.AREA}),
    *grant("cases", OFFICE_ACTIONS, _OFFICE),
    *grant("cases", "appeal withdraw", {**_OFFICE, Role.RESIDENT: Scope.SELF}),
    *grant("cases", "follow", _CITIZENS),
    *grant("cases", "own", {Role.RESIDENT: Scope.SELF}),
    *grant("cases", "family", {Role.FAMILY: Scope.HOUSEHOLD}),
    *grant("letters", "read", {**_OFFICE, **_CITIZENS}),
    *grant("home-visits", "list read fill sign", {**_OFFICE, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("home-visits", "rounds", {Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("holidays", "list create delete", {Role.OFFICER: Scope.ALL}),
]

FIELDS = [
    *fields(
        "cases",
        "create",
        "resident benefit household_size is_delegated is_unstable permits_data_checks "
        "relative_of_staff",
    ),
    *fields("cases", "receive-paper", "kind"),
    *fields("cases", "record-data", "conforms note"),
    *fields("cases", "plan-visit", "planned_at staff way way_reason"),
    *fields("cases", "propose", "kind amount_fen grounds household_size note"),
    *fields("cases", "object confirm send-back keep note appeal withdraw", "note"),
    *fields("cases", "decide-appeal", "is_upheld note"),
    *fields("cases", "pause", "clock reason"),
    *fields("cases", "resume", "clock"),
    *fields("cases", "extend", "clock days reason"),
    *fields("home-visits", "fill", "findings household_signed_by household_size"),
    *fields("home-visits", "sign", "lat lon"),
    *fields("holidays", "create", "date is_workday name source"),
]
