"""What is kept of people here: what they asked about their data."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import CLAIMS, Ending, Holding, Retention
from backend.people import phones
from services.rights import policies

HOLDINGS = (
    Holding(
        "rights.RightsRequest",
        _("What was asked about the data"),
        ("resident",),
        Ending.KEPT,
        left_out={"proof": "another person's paper"},
        shown={"phone": phones.masked},
        emptied={"name": "", "phone": "", "words": "", "answer": ""},
        law=CLAIMS,
    ),
    Holding(
        "rights.RightsEvent",
        _("Steps of what was asked"),
        ("request__resident",),
        Ending.KEPT,
        emptied={"note": ""},
        law=CLAIMS,
    ),
    Holding(
        "rights.LegalHold",
        _("What forbids deletion"),
        ("resident",),
        Ending.KEPT,
        emptied={"reason": ""},
        law=CLAIMS,
    ),
    Holding(
        "rights.PreparedCopy",
        _("Copies prepared before"),
        ("request__resident",),
        Ending.ERASED,
        left_out={"content": "the copy itself"},
    ),
)
NOT_ABOUT = (("rights.KeptByLaw", "how long which kind is kept of somebody deleted"),)
RETENTION = (
    Retention(
        kind="copies",
        label=_("Prepared copies"),
        model="rights.PreparedCopy",
        since="made_at",
        days=policies.COPY_KEPT.days,
        source="our choice: a week to fetch it",
        task="services.rights.tasks.forget_old",
    ),
    Retention(
        kind="rights_requests",
        label=_("What was asked about data, in whose words"),
        model="rights.RightsRequest",
        since="closed_at",
        days=3 * 365,
        source="Civil Code, article 188: three years to claim",
        emptied={"name": "", "phone": "", "words": "", "answer": ""},
        path="resident",
    ),
)
