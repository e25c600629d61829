"""One of everything of trust, for the access matrix."""

from datetime import timedelta

from django.db.models import Q

from backend.accounts.models import STAFF_ROLES, User
from services.trust.models import LookQuestion, RecordOpening
from tests.builders import NOON
from tests.services.trust.builders import an_opening
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """A record opened in the name of every account, and a question."""
    district = cast.grid.path.partition(".")[0] + "."
    at_work = Q(area__path__startswith=district, role__in=STAFF_ROLES)
    at_home = Q(resident=cast.resident) | Q(contacts=cast.contact)
    opened = RecordOpening.objects.values("user")
    users = User.objects.filter(at_work | at_home).exclude(pk__in=opened).order_by("pk")
    for user in users:
        an_opening(cast.resident, user=user)
    caregiver = User.objects.get(caregiver=cast.caregiver)
    LookQuestion.objects.create(
        resident=cast.resident,
        looked_by=caregiver,
        looked_on=NOON.date(),
        asked_by=f"resident:{cast.resident.pk}",
        asked_at=NOON,
        answer_by_at=NOON + timedelta(days=15),
        due_at=NOON + timedelta(days=7),
    )
