"""Reminders, the daily I-am-OK, and whom the district must hear of."""

from services.wellbeing.models.asking import Asked, Stage, Way
from services.wellbeing.models.okdays import OkDay
from services.wellbeing.models.reminders import Occurrence, Reminder
from services.wellbeing.models.watching import AreaEvent, Watched, WelfareContact

__all__ = [
    "AreaEvent",
    "Asked",
    "Occurrence",
    "OkDay",
    "Reminder",
    "Stage",
    "Watched",
    "Way",
    "WelfareContact",
]
