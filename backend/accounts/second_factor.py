"""Staff without a second factor reach no data; what weighs more needs a fresh one."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from backend.accounts import tokens
from backend.accounts.errors import PasswordExpired
from backend.accounts.models import AccessToken, User
from backend.core.errors import NotAllowed

SESSION_MARK = "second_factor_at"
"""Set by the sign-in once the second factor was shown; a staff session without it reaches
nothing. Citizens' sessions have it from their code or passkey."""
FRESH_FOR = timedelta(minutes=10)
"""Source: OWASP ASVS 5.0, 7.5.3 (a further authentication before what is highly sensitive); the
time is our own."""


class SecondFactorMissing(NotAllowed):
    """Signed in with one factor only."""

    code = "second_factor_missing"


class StepUpRequired(NotAllowed):
    """A second factor was shown, and not within the last ten minutes."""

    code = "step_up_required"
    message = _("Please confirm once more that it is you, and do this again.")


def require_second_factor(request: HttpRequest, user: User) -> None:
    """Refuse staff whose session has not shown a second factor.

    Raises:
        SecondFactorMissing: staff, and only one factor was shown.
    """
    if user.is_staff_role and not request.session.get(SESSION_MARK):
        raise SecondFactorMissing


def require_young_password(user: User, *, now: datetime) -> None:
    """Refuse staff whose password is older than the profile in force allows.

    Raises:
        PasswordExpired: it has to be another one first.
    """
    lives = settings.SECURITY_PROFILE.password_lives
    since = user.password_changed_at or user.created_at
    if lives is not None and user.is_staff_role and now - since > lives:
        raise PasswordExpired


def require_fresh_factor(request: Request | HttpRequest, *, now: datetime) -> None:
    """Refuse a session or token for which all factors were not shown within the last 10 min.

    A program asks for a new token; `doors.page(fresh=True)` and `Declared.fresh_for` ask this.

    Raises:
        StepUpRequired: it has to be shown again.
    """
    shown_at = _shown_at(request)
    if shown_at is None or now - shown_at > FRESH_FOR:
        raise StepUpRequired


def _shown_at(request: Request | HttpRequest) -> datetime | None:
    token = getattr(request, "auth", None)
    if token:
        shown = AccessToken.objects.filter(hash=tokens.hashed(str(token)))
        return shown.values_list("factor_at", flat=True).first()
    mark = request.session.get(SESSION_MARK)
    return datetime.fromisoformat(mark) if mark else None
