"""Numbers whose owners want no routine messages."""

from datetime import datetime

from backend.people import phones
from notifications.models import Suppression


def suppress(address: str, *, word: str, now: datetime) -> None:
    """Send this number no routine messages any more; safety calls are not touched."""
    if address:
        Suppression.objects.get_or_create(
            address_index=phones.index(address),
            defaults={"address": address, "since": now, "word": word[:20]},
        )


def lift_suppression(address: str) -> None:
    """Routine messages are welcome again."""
    Suppression.objects.filter(address_index=phones.index(address)).delete()
