"""docs/machinery.md names everything that runs by itself, and how often."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from backend.web import consumers

PAGE = (Path(settings.BASE_DIR) / "docs" / "machinery.md").read_text(encoding="utf-8")
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}


def rows() -> dict[str, str]:
    """The first two cells of each row, the first without its backticks."""
    found = re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", PAGE, flags=re.MULTILINE)
    return dict(found)


def test_every_task_of_beat_stands_there_with_its_schedule() -> None:
    said = {}
    for name, every in rows().items():
        if name in settings.CELERY_BEAT_SCHEDULE:
            number, unit = every.split()
            said[name] = timedelta(**{UNITS[unit]: float(number)}).total_seconds()

    assert said == {
        name: entry["schedule"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    }


def test_every_loop_of_tick_and_every_consumer_stands_there() -> None:
    served = [consumers.BoardConsumer, consumers.MeConsumer]

    assert set(settings.TICK_LOOPS) <= set(rows())
    for consumer in served:
        assert f"{consumer.__module__}.{consumer.__qualname__}" in PAGE
