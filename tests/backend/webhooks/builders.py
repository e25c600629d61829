"""Systems that are told of events."""

from backend.core import journal
from backend.core.models import JournalEvent
from backend.places.models import Area
from backend.webhooks import actions
from backend.webhooks.actions import Wish
from backend.webhooks.models import Webhook
from tests.builders import NOON, a_resident, an_area

ADMIN = "user:admin"
WISH = Wish("City platform", "https://platform.example/events", ["call.*"])


def a_webhook(*, area: Area | None = None, url: str = "") -> Webhook:
    """A system that is told of calls of an area."""
    wish = Wish(WISH.label, url or WISH.url, WISH.types)
    return actions.subscribe(area=area or an_area(), wish=wish, by=ADMIN, now=NOON)


def something_happened(
    *, area: Area, kind: str = "call.opened", times: int = 1
) -> list[JournalEvent]:
    """Numbered events of an area, with words in them that nobody else may read."""
    resident = a_resident(area=area)
    made = [
        journal.append(
            f"call:{resident.pk}",
            kind,
            at=NOON,
            area_path=area.path,
            resident_id=resident.pk,
            data={"who": resident.name},
        )
        for _ in range(times)
    ]
    journal.number_committed()
    return made
