"""What comes again: RFC 5545 rules on the clock of a person's wall.

The rule says on which days; the hour is kept beside it, so that a reminder at 08:00 is at 08:00
on both sides of a change to summer time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext_lazy as _

from backend.core.errors import Invalid

ALLOWED = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
COUNTS = ("INTERVAL", "COUNT")
PERIOD_DAYS = {"DAILY": 1, "WEEKLY": 7}
RULE_MAX = 200
OCCURRENCES_MAX = 10_000
"""More of one rule are never asked for: three years of every hour's work would be less."""


class BadRule(Invalid):
    """The rule cannot be read, or says more than on which days."""

    code = "bad_rule"
    message = _("This is no rule of days: use FREQ with BYDAY, INTERVAL, UNTIL as in RFC 5545.")


@dataclass(frozen=True)
class Recurrence:
    """A rule, the first day it may fall on, the hour, and the zone that both are meant in."""

    rule: str
    starts_on: date
    at: time
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    ends_on: date | None = None
    """The last day it may fall on."""
    except_on: frozenset[date] = frozenset()

    def between(self, after: datetime, before: datetime) -> Iterator[datetime]:
        """Occurrences later than `after` and not later than `before`, in order.

        Raises:
            BadRule: the rule cannot be read.
        """
        first = after.astimezone(self.zone).date() - timedelta(days=1)
        for moment in self._from(first):
            if moment > before:
                return
            if moment > after:
                yield moment

    def next_after(self, moment: datetime) -> datetime | None:
        """The first occurrence later than a moment; None when there is none any more.

        Raises:
            BadRule: the rule cannot be read.
        """
        first = moment.astimezone(self.zone).date() - timedelta(days=1)
        return next((one for one in self._from(first) if one > moment), None)

    def _from(self, first: date) -> Iterator[datetime]:
        begin = datetime.combine(self.starts_on, self.at)
        days = read_rule(self.rule, _begin_near(self.rule, begin, first))
        for naive in islice(
            days.xafter(datetime.combine(first, time.min), inc=True), OCCURRENCES_MAX
        ):
            day = naive.date()
            if self.ends_on and day > self.ends_on:
                return
            if day not in self.except_on:
                yield naive.replace(tzinfo=self.zone)


def read_rule(rule: str, begin: datetime) -> rrule:
    """A rule such as "FREQ=WEEKLY;BYDAY=MO,TH", beginning at a naive local moment.

    Raises:
        BadRule: it cannot be read, or names hours, zones or single dates.
    """
    parts = _parts(rule)
    try:
        found = rrulestr(
            ";".join("=".join(each) for each in parts.items()), dtstart=begin, ignoretz=True
        )
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise BadRule from error
    if not isinstance(found, rrule):
        raise BadRule
    return found


def _parts(rule: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in rule.upper().removeprefix("RRULE:").split(";"))
    parts = {name: value for name, _is, value in pairs}
    if len(rule) > RULE_MAX or not parts.keys() <= ALLOWED or parts.get("FREQ") not in FREQUENCIES:
        raise BadRule
    if any(not _is_count(parts.get(name, "1")) for name in COUNTS):
        raise BadRule
    return parts


def _is_count(number: str) -> bool:
    """Every 0 days never ends: whoever asked for the next one would wait for ever."""
    return number.isascii() and number.isdecimal() and int(number) > 0


def _begin_near(rule: str, begin: datetime, first: date) -> datetime:
    """Where the same rule may begin, nearer to the day that is asked for.

    Walking there from years ago costs 44 ms a question at three a day (measured); a rule that
    counts its occurrences, or goes by months, has to be walked.
    """
    parts = _parts(rule)
    interval = parts.get("INTERVAL", "1")
    period_days = PERIOD_DAYS.get(parts["FREQ"], 0)
    if not period_days or "COUNT" in parts or not interval.isdecimal():
        return begin
    period_days *= max(1, int(interval))
    # A week may have begun before its first day.
    periods = (first - begin.date()).days // period_days - 1
    return begin + timedelta(days=max(0, periods) * period_days)
