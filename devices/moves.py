"""When sensors saw somebody move: an event that is set, or a level that changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

EVENTS = ("motion", "sos", "press", "vibration")
"""Set, each of them is a movement."""
LEVELS = ("door", "presence", "region_occupied", "bed", "seat", "water_used", "pulses", "steps")
"""Only their change is a movement: sensors repeat them as a sign that they live, and whoever lies
in bed and does not get up is "in bed" each hour."""
COMPARED_FOR = timedelta(hours=26)
"""So long before the window a level is looked up for what it was. Source: our sensors repeat
theirs at least once a day (`actions.silence.SILENT_AFTER`)."""

_LAST_MOVES = """
WITH said AS (
    SELECT device_id, metric, at, value, text, coalesce(text, value::text) AS told,
        lag(coalesce(text, value::text)) OVER
            (PARTITION BY device_id, metric ORDER BY at, received_at) AS before
    FROM devices_reading
    WHERE device_id = ANY(%(devices)s) AND metric = ANY(%(metrics)s)
        AND at > %(compared)s AND (%(now)s::timestamptz IS NULL OR at <= %(now)s)
        AND received_at > %(compared)s - interval '1 hour'
)
SELECT device_id, metric, max(at) FROM said
WHERE at > %(since)s AND (
    (metric = ANY(%(events)s) AND coalesce(value, 1) <> 0)
    OR (metric = ANY(%(levels)s) AND told <> before)
    OR (metric = 'door' AND (text = 'open' OR value > 0) AND before IS NULL)
)
GROUP BY 1, 2
"""


def last_moves(
    devices: Collection[UUID],
    *,
    since: datetime,
    now: datetime | None = None,
    metrics: Collection[str] = (*EVENTS, *LEVELS),
    compared_for: timedelta = COMPARED_FOR,
) -> dict[tuple[UUID, str], datetime]:
    """The last movement that each device saw, by device and metric."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_MOVES,
            {
                "devices": list(devices),
                "metrics": list(metrics),
                "events": list(EVENTS),
                "levels": list(LEVELS),
                "compared": since - compared_for,
                "since": since,
                "now": now,
            },
        )
        return {(device, metric): at for device, metric, at in cursor.fetchall()}
