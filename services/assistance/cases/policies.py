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

_CASE = (
    "id number resident area benefit state channel opened_at accepted_at decided_at entitled_from "
    "next_ends_at"
)
_CASE_AND_ALL = (
    "household_size amount_fen is_delegated entitled_until deadlines documents events opinions "
    "letters"
)
_CASE_WITHIN = "owner relative_of_staff is_special data_conforms"
"""What officers note for each other; the applicant hears what follows from it."""

FIELDS = [
    *fields(
        "cases",
        "list",
        {**dict.fromkeys(Role, f"{_CASE} owner"), **dict.fromkeys(_CITIZENS, _CASE)},
    ),
    *fields(
        "cases",
        "read",
        {
            **dict.fromkeys(Role, f"{_CASE} {_CASE_AND_ALL} {_CASE_WITHIN}"),
            **dict.fromkeys(_CITIZENS, f"{_CASE} {_CASE_AND_ALL}"),
        },
    ),
    *fields("home-visits", "list read", "*"),
    *fields("holidays", "list", "*"),
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
