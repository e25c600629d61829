"""The web app's rows of the access table."""

from backend.accounts.access import Scope, grant
from backend.accounts.models import STAFF_ROLES

GRANTS = grant("styles", "read", dict.fromkeys(STAFF_ROLES, Scope.ALL))
