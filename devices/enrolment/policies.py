"""Who enrols people, and how long what is asked stays open."""

from datetime import timedelta

from backend.accounts.access import Scope, grant
from backend.accounts.limits import Limit
from backend.accounts.models import Role

_DESK = {Role.OPERATOR: Scope.AREA, Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}

ACCESS = [
    *grant("enrolments", "list create change", _DESK),
    *grant("imports", "list create apply", {Role.LEAD: Scope.AREA, Role.OFFICER: Scope.AREA}),
    *grant("device-labels", "create", {Role.LEAD: Scope.AREA}),
]

ANSWERED_WITHIN = timedelta(minutes=10)
"""Our choice: so long the person who enrols may sit beside the contact who looks for the text."""
CODE_DIGITS = 4
CODE_TRIES = 5
INVITATION_LIVES = timedelta(days=7)
CHECKS_OF_PHONE = Limit("contact checks to a phone", 6, timedelta(hours=1))
CODES_TRIED = Limit("claim codes tried", 30, timedelta(hours=1))
IMPORT_KEPT = timedelta(days=1)
"""A table that nobody applies is forgotten, with the people in it."""
