"""What a world has of webhooks."""

from backend.places.models import Area
from tests.backend.webhooks.builders import a_webhook
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """A system of the district that is told of calls."""
    a_webhook(area=Area.objects.get(path=cast.grid.path.partition(".")[0] + "."))
