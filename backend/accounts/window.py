"""How long around a visit or a call a caregiver sees whom they go to.

Source: OWASP ASVS 5.0, 8.2.2: access limited to the task, here as a span around it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

BEFORE = timedelta(minutes=settings.ENV.caregiver_sees_before_min)
AFTER = timedelta(hours=settings.ENV.caregiver_sees_after_h)


@dataclass(frozen=True)
class Window:
    """What a caregiver sees at a moment: what begins by `begins_by` and ended after `ended_after`.

    The first instant of the span is in it, the last is not.
    """

    begins_by: datetime
    ended_after: datetime


def window_at(now: datetime) -> Window:
    """The span around a moment."""
    return Window(begins_by=now + BEFORE, ended_after=now - AFTER)
