"""By when a request has to be answered.

Source: Personal Information Protection Law, articles 45 ("in time"), 46 ("in time") and 50
("convenient ... with reasons"). The law gives no number of days. Fifteen working days is the limit
that GB/T 35273-2020, 8.7, recommends as thirty days or less, taken soberly shorter; `RIGHTS_DAYS`
sets another. A second look at a decision of a machine concerns help that somebody may need: five.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from services.assistance.cases import workdays
from services.rights.models import RightsRequest

Kind = RightsRequest.Kind

REVIEW_DAYS = 5
"""Our choice."""
SOON_DAYS = 3
"""So many working days before its end, whoever has it is reminded."""

_BASIS = "《个人信息保护法》第五十条；具体天数由本中心规定"
_BASIS_EN = "Personal Information Protection Law, article 50; the days are our own rule"
_REVIEW = "《个人信息保护法》第二十四条；具体天数由本中心规定"
_REVIEW_EN = "Personal Information Protection Law, article 24; the days are our own rule"


def limit_of(kind: str) -> dict[str, Any]:
    """Working days, and what they rest on, as kept with the request."""
    if kind in (Kind.REVIEW, Kind.EXPLAIN):
        days = min(REVIEW_DAYS, settings.ENV.rights_days)
        return {"days": days, "basis": _REVIEW, "basis_en": _REVIEW_EN}
    return {"days": settings.ENV.rights_days, "basis": _BASIS, "basis_en": _BASIS_EN}


def ends_at(days: int, *, since: datetime) -> datetime:
    """When the last working day is over; the day it came is not counted."""
    calendar = workdays.current()
    return workdays.midnight_after(calendar.add(timezone.localdate(since), days))


def reminds_at(end: datetime, *, since: datetime) -> datetime:
    """When whoever has it is reminded: some working days before its end."""
    calendar = workdays.current()
    day = calendar.subtract(timezone.localdate(end), SOON_DAYS + 1)
    return max(since, workdays.midnight_after(day))
