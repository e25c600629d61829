"""Beginning a browser session once somebody has shown who they are."""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest

from backend.accounts.models import Role, User
from backend.accounts.second_factor import SESSION_MARK
from backend.audit import actions as audit
from backend.audit.models import AuditRow

SIGNED_IN_AT = "signed_in_at"
"""Session: when whoever it belongs to showed who they are."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
STAFF_SESSION = timedelta(hours=12)
"""A shift with its hand-over."""
OWN_SESSION = timedelta(days=180)
"""An old person should not have to sign in again when help is needed."""

HOMES = {
    Role.OPERATOR: "/desk/",
    Role.LEAD: "/desk/",
    Role.OFFICER: "/desk/",
    Role.CAREGIVER: "/care/",
    Role.AUDITOR: "/account/",
    Role.ADMINISTRATOR: "/account/",
}
"""Where a role starts; everybody else at `/`."""


def begin(request: HttpRequest, user: User, *, how: str, now: datetime) -> None:
    """Sign the account in, in a session of its own; `how` stands in the audit."""
    login(request, user, backend=BACKEND)
    lives = STAFF_SESSION if user.is_staff_role else OWN_SESSION
    request.session.set_expiry(lives)
    request.session[SIGNED_IN_AT] = now.isoformat()
    audit.record(
        actor=user.reference,
        action=AuditRow.Action.SIGN_IN,
        subject=user.reference,
        now=now,
        resident_id=user.resident_id,
        reason=how,
    )


def mark_second_factor(request: HttpRequest, *, now: datetime) -> None:
    """Note that the second factor was shown; the session gets a new key."""
    request.session.cycle_key()
    request.session[SESSION_MARK] = now.isoformat()


def home_of(user: User) -> str:
    """The page a role starts at."""
    return HOMES.get(Role(user.role), "/")
