"""Every write about reminders, the daily I-am-OK and welfare."""

from services.wellbeing.actions.answering import answer_occurrence, look_after, put_off
from services.wellbeing.actions.asking import ask_due, forget_old
from services.wellbeing.actions.okdays import begin_due, expect_again, make_days, report_ok
from services.wellbeing.actions.setting import change_reminder, end_reminder, set_reminder
from services.wellbeing.actions.watching import (
    assign_watched,
    climb_due,
    follow,
    follow_ages,
    hear,
    watch_everybody,
)
from services.wellbeing.actions.welfare import declare_event, record_welfare

__all__ = [
    "answer_occurrence",
    "ask_due",
    "assign_watched",
    "begin_due",
    "change_reminder",
    "climb_due",
    "declare_event",
    "end_reminder",
    "expect_again",
    "follow",
    "follow_ages",
    "forget_old",
    "hear",
    "look_after",
    "make_days",
    "put_off",
    "record_welfare",
    "report_ok",
    "set_reminder",
    "watch_everybody",
]
