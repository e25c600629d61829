"""Staff without a second factor reach no data."""

from django.http import HttpRequest

from backend.accounts.models import User
from backend.core.errors import NotAllowed

SESSION_MARK = "second_factor_at"
"""Set by the sign-in once the second factor was shown; a session without it reaches nothing."""


class SecondFactorMissing(NotAllowed):
    """Signed in with one factor only."""

    code = "second_factor_missing"


def require_second_factor(request: HttpRequest, user: User) -> None:
    """Refuse staff whose session has not shown a second factor.

    Raises:
        SecondFactorMissing: staff, and only one factor was shown.
    """
    if user.is_staff_role and not request.session.get(SESSION_MARK):
        raise SecondFactorMissing
