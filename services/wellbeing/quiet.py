"""Reminders that fall into somebody's quiet hours and would be too late after them."""

from dataclasses import dataclass
from datetime import datetime

from notifications import preferences
from notifications.models import Preference
from services.wellbeing import policies
from services.wellbeing.models import Reminder


@dataclass(frozen=True)
class Missed:
    """A time of a reminder that is not asked: when it would be, and when the quiet hours end."""

    asks_at: datetime
    until: datetime

    def __str__(self) -> str:
        return f"{self.asks_at.astimezone(self.until.tzinfo):%H:%M}"

    @property
    def until_hour(self) -> str:
        """The hour at which the quiet hours end, where the person is."""
        return f"{self.until:%H:%M}"


def missed_times(reminder: Reminder, chosen: Preference | None = None) -> list[Missed]:
    """The times of a reminder that are dropped each day, as its person wants quiet then."""
    preference = chosen or preferences.preference_of(f"resident:{reminder.resident_id}")
    late_max = policies.LATE_MAX[Reminder.Kind(reminder.kind)]
    return [
        Missed(asks_at, until)
        for asks_at in _first_of_each_time(reminder)
        if (until := preferences.after_quiet_hours(preference, asks_at)) - asks_at >= late_max
    ]


def _first_of_each_time(reminder: Reminder) -> list[datetime]:
    found = []
    moment = reminder.due_at
    for _ in reminder.times:
        if moment is None:
            break
        found.append(moment)
        moment = reminder.asks_after(moment)
    return found
