"""When sensors noticed somebody: a movement as it is told, or a change of what is only repeated."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from devices.routine.sights import LEVELS

_LAST_MOVES = """
WITH said AS (
    SELECT device_id, metric, at, value, text, coalesce(text, value::text) AS told,
        lag(coalesce(text, value::text)) OVER
            (PARTITION BY device_id, metric ORDER BY at, received_at) AS before
    FROM devices_reading
    WHERE device_id = ANY(%(devices)s) AND metric = ANY(%(metrics)s)
        AND at > %(since)s::timestamptz - interval '3 hours'
        AND at <= coalesce(%(until)s::timestamptz, 'infinity')
        AND received_at > %(since)s::timestamptz - interval '4 hours'
)
SELECT device_id, metric, max(at) FROM said
WHERE at > %(since)s AND (
    (metric <> ALL(%(levels)s) AND value > 0)
    OR (metric = ANY(%(levels)s) AND told <> before)
    OR (metric = 'door' AND before IS NULL AND (value > 0 OR text = 'open'))
)
GROUP BY 1, 2
"""


def last_moves(
    devices: Collection[UUID],
    metrics: Collection[str],
    *,
    since: datetime,
    until: datetime | None = None,
) -> list[tuple[UUID, str, datetime]]:
    """The last movement of each device and metric in a time.

    A bed that says every half hour that somebody lies in it saw them lie down once: who cannot
    get up any more is not up and about.
    """
    wanted: dict[str, list[UUID] | list[str] | datetime | None] = {
        "devices": list(devices),
        "metrics": list(metrics),
        "levels": list(LEVELS),
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAST_MOVES, wanted)
        return [(device, metric, at) for device, metric, at in cursor.fetchall()]
