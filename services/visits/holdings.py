"""What is kept of people here: who came when, and what they did."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Blocker, Ending, Holding, Retention
from services.visits.models import Visit

_KEY = {"client_key": "how a telephone's repeat is told apart"}

HOLDINGS = (
    Holding(
        "visits.CarePlan",
        _("Care plans"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"instructions": ""},
    ),
    Holding(
        "visits.CarePlan_preferred",
        _("Whom they like to come"),
        ("careplan__resident",),
        Ending.ERASED,
    ),
    Holding(
        "visits.CarePlan_refused",
        _("Whom they do not want to come"),
        ("careplan__resident",),
        Ending.ERASED,
    ),
    Holding("visits.Visit", _("Visits"), ("resident",), Ending.EMPTIED, emptied={"wish": ""}),
    Holding("visits.VisitCarer", _("Who came"), ("visit__resident",), Ending.EMPTIED),
    Holding(
        "visits.VisitTask", _("What was done"), ("visit__resident",), Ending.EMPTIED, left_out=_KEY
    ),
    Holding(
        "visits.VisitNote",
        _("Notes of visits"),
        ("visit__resident",),
        Ending.EMPTIED,
        left_out=_KEY,
        emptied={"text": ""},
    ),
    Holding(
        "visits.CheckEvent",
        _("Coming and going"),
        ("visit__resident", "resident"),
        Ending.EMPTIED,
        left_out=_KEY,
        emptied={"lat": None, "lon": None, "accuracy_m": None},
    ),
    Holding(
        "visits.HomeFence",
        _("How near is at home"),
        (),
        Ending.ERASED,
        of_home=("household",),
    ),
    Holding(
        "visits.VisitRequest",
        _("Visits asked for"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"wish": "", "answer": "", "asked_by_name": ""},
    ),
)


def _is_visited(resident_id: UUID, _now: datetime) -> bool:
    return Visit.objects.filter(resident=resident_id, state=Visit.State.IN_PROGRESS).exists()


BLOCKERS = (
    Blocker(
        "visit_now", _("Somebody of ours is with them. First the visit must end."), _is_visited
    ),
)
RETENTION = (
    Retention(
        kind="visit_notes",
        label=_("Notes of visits"),
        model="visits.VisitNote",
        since="received_at",
        days=3 * 365,
        source="Civil Code, article 188: three years to claim",
        emptied={"text": ""},
        path="visit__resident",
    ),
    Retention(
        kind="visit_positions",
        label=_("Where a caregiver stood when coming and going"),
        model="visits.CheckEvent",
        since="server_at",
        days=180,
        source="our choice: that the visit took place is settled after half a year",
        emptied={"lat": None, "lon": None, "accuracy_m": None},
        path="visit__resident",
    ),
)
