"""Why an alert was raised, in words."""

from typing import Any

import pytest
from django.utils import translation

from services.alerts.reasons import duration, reason_of

STILL = {"silent_s": 18_600, "limit_s": 18_000, "state": "at_home", "room": "Kitchen"}


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        (
            "inactivity",
            {**STILL, "heard_s": 1_200},
            (
                "5 h 10 min without movement; limit 5 h. Last seen: Kitchen."
                " The sensors were heard 20 min ago."
            ),
        ),
        (
            "inactivity",
            {**STILL, "state": "out", "room": ""},
            (
                "Went out 5 h 10 min ago and has not come back; limit 5 h."
                " The sensors themselves were not heard since either."
            ),
        ),
        ("offline", {"silent_s": 4_000}, "Nothing was heard for 1 h 6 min."),
        (
            "sos",
            {"at": "2026-11-23T01:30:00+00:00", "age_s": 9_000},
            "Sent late: it happened at 2026-11-23 09:30, 2 h 30 min before we heard of it.",
        ),
        ("sos", {"at": "2026-11-23T01:30:00+00:00", "age_s": 3}, ""),
        ("battery", {"room": "Hall"}, "Hall"),
        ("no_answer", {}, ""),
        ("inactivity", {"silent_s": "rubbish"}, ""),
    ],
)
def test_each_alert_says_why(kind: str, detail: dict[str, Any], said: str) -> None:
    with translation.override("en"):
        assert reason_of(kind, detail) == said


def test_time_is_told_as_people_say_it() -> None:
    with translation.override("en"):
        assert [duration(s) for s in (0, 720, 3_600, 4_500, 300_000)] == [
            "0 min",
            "12 min",
            "1 h",
            "1 h 15 min",
            "3 days",
        ]
