"""The setting SESSION_ENGINE: Django's sessions, of which those that are over are nobody's.

Read by requests and by sockets alike, so a session that has ended has ended everywhere.
"""

from datetime import timedelta
from typing import TypeAlias

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from backend.accounts.models import OpenSession
from backend.core import clock

Opened: TypeAlias = OpenSession | None


class SessionStore(db.SessionStore):
    """Knows beside the data what `OpenSession` says of it: None before the first answer."""

    opened: Opened = None

    def _get_session_from_db(self) -> Session | None:
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.opened = _opened(session)
        if session is None or self.opened is None or not _is_over(self.opened):
            return session
        session.delete()
        self._session_key = None
        return None


def _opened(session: Session | None) -> Opened:
    return OpenSession.objects.filter(session=session).first() if session else None


def _is_over(opened: OpenSession) -> bool:
    idle_until = opened.last_used_at + timedelta(seconds=opened.idle_s)
    return clock.now() >= min(idle_until, opened.ends_at)
