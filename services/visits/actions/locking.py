"""One visit at a time is changed by one person at a time."""

from services.visits.models import Visit


def locked(visit: Visit) -> Visit:
    """The visit as it stands, locked until the transaction ends."""
    return (
        Visit.objects.select_related("area", "resident__area", "resident__household__address")
        .select_for_update(of=("self",))
        .get(pk=visit.pk)
    )
