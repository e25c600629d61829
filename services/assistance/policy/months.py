"""From which month something is paid, and until when."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class First(StrEnum):
    """The words of the parameters that name the first month."""

    MONTH_OF_DECISION = "month_of_decision"
    MONTH_AFTER = "month_after"


def first_month(word: str, decided: date) -> date:
    """The first day of the first month that is paid."""
    month = decided.replace(day=1)
    return month if First(word) is First.MONTH_OF_DECISION else month + relativedelta(months=1)


def end_of_month(day: date) -> date:
    """The last day of its month: through the month of a death, nothing after it."""
    return day.replace(day=monthrange(day.year, day.month)[1])
