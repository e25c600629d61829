"""The bare peer of the MQTT door: the same web process, with the doors' commit left out.

It reads, checks, sorts and answers everything, and keeps nothing.
"""

from backend.asgi import application
from devices.ingest import lifespan
from devices.ingest.intake import Intake
from devices.ingest.raising import Raised
from devices.ingest.sorting import Sorted
from devices.ingest.store import Stored

__all__ = ["application"]


class ForgetfulIntake(Intake):
    """Answers as if everything were committed."""

    async def _commit(self, message: Sorted) -> tuple[list[Raised], Stored]:
        return [], Stored(accepted=len(message.rows), duplicates=0)


# The doors make their intake when they open.
lifespan.Intake = ForgetfulIntake  # type: ignore[attr-defined]
