"""docs/machinery.md names everything that runs by itself, and how often; and nothing else."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from backend.web import sockets

PAGE = (Path(settings.BASE_DIR) / "docs" / "machinery.md").read_text(encoding="utf-8")
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}


def rows(heading: str) -> dict[str, str]:
    """The first two cells of each row below a heading, without backticks."""
    _, _, after = PAGE.partition(f"\n## {heading}\n")
    section = after.partition("\n## ")[0]
    found = re.findall(r"^\| `([^`]+)` \| `?([^|`]+?)`? \|", section, flags=re.MULTILINE)
    return dict(found)


def seconds(every: str) -> float:
    """What "5 min" is in seconds."""
    number, unit = every.split()
    return timedelta(**{UNITS[unit]: float(number)}).total_seconds()


def test_the_tasks_of_beat_stand_there_with_their_schedules() -> None:
    said = {name: seconds(every) for name, every in rows("Celery tasks").items()}

    assert said == {
        name: entry["schedule"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    }


def test_the_loops_of_tick_stand_there() -> None:
    assert set(rows("Loops of `manage.py tick`")) == set(settings.TICK_LOOPS)


def test_the_consumers_of_all_sockets_stand_there_with_their_addresses() -> None:
    served = {
        f"/{route.pattern}": route.callback.consumer_class for route in sockets.application.routes
    }

    assert rows("Channels consumers") == {
        address: f"{consumer.__module__}.{consumer.__qualname__}"
        for address, consumer in served.items()
    }
