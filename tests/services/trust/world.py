"""One of everything of trust, for the access matrix."""

from datetime import timedelta

from backend.accounts.models import STAFF_ROLES, User
from services.trust.models import LookQuestion, RecordOpening
from tests.builders import NOON
from tests.services.trust.builders import an_opening
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """All staff have opened the record, and a question waits."""
    district = cast.grid.path.partition(".")[0] + "."
    staff = User.objects.filter(area__path__startswith=district, role__in=STAFF_ROLES)
    opened = RecordOpening.objects.values("user")
    users = list(staff.exclude(pk__in=opened).order_by("pk"))
    for user in users:
        an_opening(cast.resident, user=user)
    LookQuestion.objects.create(
        resident=cast.resident,
        looked_by=users[0],
        looked_on=NOON.date(),
        asked_by=f"resident:{cast.resident.pk}",
        asked_at=NOON,
        answer_by_at=NOON + timedelta(days=15),
        due_at=NOON + timedelta(days=7),
    )
