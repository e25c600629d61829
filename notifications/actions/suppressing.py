"""Numbers whose owners want no routine messages."""

from datetime import datetime

from notifications.models import Suppression


def suppress(address_index: str, *, word: str, now: datetime) -> None:
    """Send this number no routine messages any more; safety calls are not touched."""
    if address_index:
        Suppression.objects.get_or_create(
            address_index=address_index, defaults={"since": now, "word": word[:20]}
        )


def lift_suppression(address_index: str) -> None:
    """Routine messages are welcome again."""
    Suppression.objects.filter(address_index=address_index).delete()
