"""Rows of the access table for what backend.web serves."""

from backend.accounts.access import Scope, fields, grant
from backend.accounts.models import STAFF_ROLES, Role

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_NEAR = {Role.CAREGIVER: Scope.ASSIGNED, Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
_AUDITS = {Role.AUDITOR: Scope.AREA}
_RUNS = {Role.ADMINISTRATOR: Scope.AREA}
_FAMILY_AND_SELF = {Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
_LEADS = {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}

_PEOPLE = [
    *grant("residents", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("residents", "create change contact-order", _DESK),
    *grant("residents", "life-state", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("residents", "delete", _LEADS),
    *grant("households", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("households", "create change", _DESK),
    *grant("households", "delete", _LEADS),
    *grant("contacts", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("contacts", "create change delete", _DESK),
    *grant("consents", "list read", {**_DESK, **_AUDITS, **_FAMILY_AND_SELF}),
    *grant("consents", "create delete", {**_DESK, **_FAMILY_AND_SELF}),
]
_STAFF = [
    *grant("caregivers", "list read", {**_DESK, **_RUNS, **_AUDITS, Role.CAREGIVER: Scope.SELF}),
    *grant("caregivers", "shifts", {**_DESK, Role.CAREGIVER: Scope.SELF}),
    *grant("caregivers", "create change delete", {Role.LEAD: Scope.AREA, **_RUNS}),
    *grant("caregivers", "add-shift cancel-shift", {Role.LEAD: Scope.AREA}),
    *grant("caregivers", "position", {Role.CAREGIVER: Scope.SELF}),
]
_AREAS = [
    *grant("areas", "list read", dict.fromkeys(STAFF_ROLES, Scope.ALL)),
    *grant("areas", "search", _DESK),
    *grant("areas", "create change delete", _RUNS),
]

ACCESS = [
    *_PEOPLE,
    *_STAFF,
    *_AREAS,
    *grant("sharing", "read change", _FAMILY_AND_SELF),
    *grant("styles", "read", dict.fromkeys(STAFF_ROLES, Scope.ALL)),
    *grant("audit", "list export", {Role.AUDITOR: Scope.ALL}),
    *grant(
        "access-table",
        "read",
        dict.fromkeys((Role.AUDITOR, Role.ADMINISTRATOR, Role.SECURITY), Scope.ALL),
    ),
]

_PERSON = "id name sex birth_date area household language dialect life_state life_state_since"
_HEALTH = "conditions allergies medicines responder_notes"
_REACHED_AT = "phone second_phone warnings"
_ENTRY = "door_code key_holder entry_notes"
_HOME = "id area address lat lon position_source"
_CONTACT = "id resident order name relation language is_guardian"
_KEY = "minutes_to_door has_key"
_CARER = "id name kind area team language skills active"
_POSITION = "last_lat last_lon last_position_at"
_SAID_OF_PERSON = (
    "household name birth_date sex id_number phone second_phone language dialect living mobility"
)
_SAID_OF_HOME = "area address lat lon datum"
_SAID_OF_CONTACT = "resident name relation phone language is_guardian"

_RESIDENT_FIELDS = [
    *fields(
        "residents",
        "list",
        {
            **dict.fromkeys(
                (Role.OPERATOR, Role.LEAD, Role.OFFICER, Role.RESIDENT),
                f"{_PERSON} ~phone living mobility",
            ),
            Role.CAREGIVER: f"{_PERSON} ~phone mobility",
            Role.FAMILY: f"{_PERSON} ~phone",
            Role.AUDITOR: "id ~name area household ~phone life_state life_state_since",
        },
    ),
    *fields(
        "residents",
        "read",
        {
            # Emergency staff: who is helped, and what to know at the bed; no papers.
            Role.OPERATOR: f"{_PERSON} {_REACHED_AT} {_HEALTH} living mobility ~id_number",
            Role.LEAD: f"{_PERSON} {_REACHED_AT} {_HEALTH} living mobility ~id_number",
            # Papers and living situation decide benefits; health is told in an assessment.
            Role.OFFICER: f"{_PERSON} {_REACHED_AT} living mobility id_number",
            # What is needed in the home; not why somebody is in care (poverty, a lost child).
            Role.CAREGIVER: f"{_PERSON} {_REACHED_AT} {_HEALTH} mobility",
            # Health is shared by consent, which is another door.
            Role.FAMILY: f"{_PERSON} ~phone",
            Role.RESIDENT: f"{_PERSON} {_REACHED_AT} {_HEALTH} living mobility id_number",
            # That a record is there and whose it is, not what stands in it.
            Role.AUDITOR: "id ~name area household ~phone life_state life_state_since",
        },
    ),
    *fields(
        "residents",
        "create change",
        {
            Role.OPERATOR: f"{_SAID_OF_PERSON} {_HEALTH}",
            Role.LEAD: f"{_SAID_OF_PERSON} {_HEALTH}",
            Role.OFFICER: _SAID_OF_PERSON,
        },
    ),
    *fields("residents", "life-state", "state since expected_until"),
    *fields("residents", "contact-order", "order"),
]
_HOME_FIELDS = [
    *fields("households", "list", {**dict.fromkeys(Role, _HOME), Role.AUDITOR: "id area"}),
    *fields(
        "households",
        "read",
        {
            **dict.fromkeys(
                # Whoever sends or brings help has to get in; an officer rings.
                (Role.OPERATOR, Role.LEAD, Role.CAREGIVER, Role.RESIDENT),
                f"{_HOME} {_ENTRY}",
            ),
            Role.OFFICER: _HOME,
            Role.FAMILY: _HOME,
            Role.AUDITOR: "id area",
        },
    ),
    *fields(
        "households",
        "create change",
        {
            Role.OPERATOR: f"{_SAID_OF_HOME} {_ENTRY}",
            Role.LEAD: f"{_SAID_OF_HOME} {_ENTRY}",
            Role.OFFICER: _SAID_OF_HOME,
        },
    ),
]
_CONTACT_FIELDS = [
    *fields(
        "contacts",
        "list",
        {
            **dict.fromkeys(Role, f"{_CONTACT} {_KEY} ~phone"),
            Role.OFFICER: f"{_CONTACT} ~phone",
            Role.AUDITOR: "id resident order ~name relation ~phone is_guardian",
        },
    ),
    *fields(
        "contacts",
        "read",
        {
            **dict.fromkeys(
                (Role.OPERATOR, Role.LEAD, Role.CAREGIVER, Role.RESIDENT),
                f"{_CONTACT} {_KEY} phone warnings",
            ),
            # A guardian is called about a case; who has a key is for emergencies.
            Role.OFFICER: f"{_CONTACT} phone warnings",
            # Relatives know of each other, and tell each other their numbers themselves.
            Role.FAMILY: f"{_CONTACT} {_KEY} ~phone",
            Role.AUDITOR: "id resident order ~name relation ~phone is_guardian",
        },
    ),
    *fields(
        "contacts",
        "create change",
        {
            Role.OPERATOR: f"{_SAID_OF_CONTACT} {_KEY}",
            Role.LEAD: f"{_SAID_OF_CONTACT} {_KEY}",
            Role.OFFICER: _SAID_OF_CONTACT,
        },
    ),
    *fields("consents", "list read", "*"),
    *fields("consents", "create", "resident item purpose guardian"),
]
_STAFF_FIELDS = [
    *fields(
        "caregivers",
        "list",
        {**dict.fromkeys(Role, f"{_CARER} ~phone"), Role.AUDITOR: "id ~name kind area team active"},
    ),
    *fields(
        "caregivers",
        "read",
        {
            **dict.fromkeys(
                # Who is nearest, and can they be rung; a position is nobody else's business.
                (Role.OPERATOR, Role.LEAD, Role.CAREGIVER),
                f"{_CARER} {_POSITION} phone warnings",
            ),
            Role.OFFICER: f"{_CARER} phone warnings",
            Role.ADMINISTRATOR: f"{_CARER} ~phone",
            Role.AUDITOR: "id ~name kind area team active",
        },
    ),
    *fields("caregivers", "create change", "name kind area team phone language skills active"),
    *fields("caregivers", "shifts", "id starts_at ends_at"),
    *fields("caregivers", "add-shift", "starts_at ends_at"),
    *fields("caregivers", "position", "lat lon datum at"),
    *fields("areas", "list read search", "*"),
    *fields("areas", "create", "parent level code name polygon"),
    *fields("areas", "change", "name polygon office_lat office_lon"),
]

FIELDS = [
    *_RESIDENT_FIELDS,
    *_HOME_FIELDS,
    *_CONTACT_FIELDS,
    *_STAFF_FIELDS,
    *fields("audit", "list", "*"),
    *fields("audit", "export", "since until"),
]
