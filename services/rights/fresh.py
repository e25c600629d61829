"""Whether somebody has signed in just now, for what must not be had at an open telephone."""

from datetime import datetime

from django.http import HttpRequest

from backend.accounts.second_factor import SESSION_MARK
from backend.accounts.sessions import SIGNED_IN_AT
from services.rights.errors import NotFresh
from services.rights.policies import FRESH


def require_fresh(request: HttpRequest, *, now: datetime) -> None:
    """Allow what needs a sign-in of the last minutes.

    Raises:
        NotFresh: it is longer ago, or not known.
    """
    marks = [request.session.get(SIGNED_IN_AT), request.session.get(SESSION_MARK)]
    moments = [datetime.fromisoformat(mark) for mark in marks if isinstance(mark, str)]
    if not any(now - FRESH <= moment <= now for moment in moments):
        raise NotFresh
