"""What is kept of people here: their calls for help."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.core.holding import CLAIMS, Blocker, Ending, Holding
from backend.people import phones
from services.emergencies.models import EmergencyCall

HOLDINGS = (
    Holding(
        "emergencies.EmergencyCall",
        _("Calls for help"),
        ("resident",),
        Ending.KEPT,
        left_out={"policy": "the ladder it ran on", "sender_key": "how its sender is told apart"},
        shown={"claimed_phone": phones.masked},
        emptied={
            "outcome_note": "",
            "claimed_name": "",
            "claimed_phone": "",
            "place_text": "",
            "place_lat": None,
            "place_lon": None,
            "accepted_by_name": "",
            "household": None,
        },
        law=CLAIMS,
    ),
    Holding(
        "emergencies.Offer",
        _("Who was asked to go"),
        ("call__resident",),
        Ending.KEPT,
        emptied={"person_name": ""},
        law=CLAIMS,
    ),
    Holding(
        "emergencies.Note",
        _("Notes during calls for help"),
        ("call__resident",),
        Ending.KEPT,
        emptied={"text": ""},
        law=CLAIMS,
    ),
)
NOT_ABOUT = (
    ("emergencies.Receipt", "what a stranger's press was answered with"),
    ("emergencies.StepRun", "when whom was rung, which stands under messages"),
    ("emergencies.DeskPhone", "of staff"),
)


def _is_called_for(resident_id: UUID, _now: datetime) -> bool:
    open_ones = EmergencyCall.objects.exclude(state=EmergencyCall.State.RESOLVED)
    return open_ones.filter(resident=resident_id).exists()


BLOCKERS = (
    Blocker("open_call", _("A call for help is open. First it must be over."), _is_called_for),
)
