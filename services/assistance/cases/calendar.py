"""Editing the holiday table; every clock that runs is counted anew."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core.errors import Invalid
from services.assistance.cases import clocks
from services.assistance.cases.doers import Doer
from services.assistance.models import Holiday, HolidayYear

SUBJECT = "calendar:holidays"


@transaction.atomic
def name_day(
    *, date: date, name: str, source: str, is_workday: bool = False, by: Doer, now: datetime
) -> Holiday:
    """Say that a day is not as its weekday says.

    Raises:
        Invalid: the day is named already.
    """
    try:
        with transaction.atomic():
            day = Holiday.objects.create(date=date, name=name, source=source, is_workday=is_workday)
    except IntegrityError as error:
        raise Invalid(fields={"date": ["named_already"]}) from error
    _note(AuditRow.Action.CREATE, f"{date} {name}", by, now)
    clocks.recount_all(now=now)
    return day


@transaction.atomic
def forget_day(day: Holiday, *, by: Doer, now: datetime) -> None:
    """Take a day off the table."""
    _note(AuditRow.Action.DELETE, f"{day.date} {day.name}", by, now)
    day.delete()
    clocks.recount_all(now=now)


@transaction.atomic
def close_year(*, year: int, source: str, by: Doer, now: datetime) -> HolidayYear:
    """Say that all days of a year's notice are entered, so that counts in it are final."""
    row, _ = HolidayYear.objects.update_or_create(year=year, defaults={"source": source})
    _note(AuditRow.Action.CREATE, str(year), by, now)
    return row


def _note(action: AuditRow.Action, what: str, by: Doer, now: datetime) -> None:
    record(actor=by.reference, action=action, subject=SUBJECT, reason=what, now=now)
