"""Rows of the access table for what backend.web serves."""

from backend.accounts.access import Scope, grant
from backend.accounts.models import STAFF_ROLES, Role

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_NEAR = {Role.CAREGIVER: Scope.ASSIGNED, Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
_AUDITS = {Role.AUDITOR: Scope.AREA}
_RUNS = {Role.ADMINISTRATOR: Scope.AREA}
_FAMILY_AND_SELF = {Role.FAMILY: Scope.HOUSEHOLD, Role.RESIDENT: Scope.SELF}
_LEADS = {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}
_TO_THE_DOOR = {**_DESK, Role.CAREGIVER: Scope.ASSIGNED, Role.RESIDENT: Scope.SELF}
"""Who may read what identifies somebody, their health, and how to get in. Families see health
only by consent, which is another door."""

_PEOPLE = [
    *grant("residents", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("residents", "read-names", {**_DESK, **_NEAR}),
    *grant("residents", "read-sensitive", _TO_THE_DOOR),
    *grant("residents", "create change contact-order", _DESK),
    *grant("residents", "life-state", {**_DESK, Role.CAREGIVER: Scope.ASSIGNED}),
    *grant("residents", "delete", _LEADS),
    *grant("households", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("households", "read-sensitive", _TO_THE_DOOR),
    *grant("households", "create change", _DESK),
    *grant("households", "delete", _LEADS),
    *grant("contacts", "list read", {**_DESK, **_NEAR, **_AUDITS}),
    *grant("contacts", "read-names", {**_DESK, **_NEAR}),
    *grant("contacts", "read-sensitive", _TO_THE_DOOR),
    *grant("contacts", "create change delete", _DESK),
    *grant("consents", "list read", {**_DESK, **_AUDITS, **_FAMILY_AND_SELF}),
    *grant("consents", "create delete", {**_DESK, **_FAMILY_AND_SELF}),
]
_STAFF = [
    *grant("caregivers", "list read read-names", {**_DESK, **_RUNS, Role.CAREGIVER: Scope.SELF}),
    *grant("caregivers", "list read", _AUDITS),
    *grant("caregivers", "read-sensitive", {**_DESK, Role.CAREGIVER: Scope.SELF}),
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
]
