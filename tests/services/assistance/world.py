"""What a world has of assistance."""

import itertools
from datetime import date, timedelta

from backend.accounts.models import User
from backend.people.models import Consent
from services.assistance.cases import actions
from services.assistance.cases.doers import Doer
from services.assistance.cases.machine import Level
from services.assistance.models import Holiday, HomeVisit, VisitStaff
from tests.builders import NOON
from tests.worlds import Cast

_days = itertools.count()


def fill(cast: Cast) -> None:
    """A case at intake whose resident shares benefits with the family, and its home visit."""
    Consent.objects.create(
        resident=cast.resident,
        item=Consent.Item.ASSISTANCE,
        purpose="benefits",
        given_by=f"resident:{cast.resident.pk}",
        given_at=NOON,
        recorded_by="user:1",
    )
    Holiday.objects.create(date=date(2030, 1, 1) + timedelta(days=next(_days)), name="-")
    case = actions.open_case(
        resident=cast.resident,
        benefit="dibao",
        by=Doer("user:1", "李娜", Level.STREET),
        now=NOON,
    )
    visit = HomeVisit.objects.create(case=case, planned_at=NOON)
    VisitStaff.objects.create(visit=visit, user=User.objects.get(caregiver=cast.caregiver))
