"""What is kept of people here: what they ordered and complained of."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding, Retention
from backend.people import phones

HOLDINGS = (
    Holding(
        "community.StandingOrder",
        _("Orders that come again"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"note": "", "ordered_by_name": ""},
    ),
    Holding(
        "community.Order",
        _("Orders"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"note": "", "rating_words": "", "ordered_by_name": ""},
    ),
    Holding(
        "community.OrderEvent",
        _("Steps of orders"),
        ("order__resident",),
        Ending.EMPTIED,
        emptied={"note": ""},
    ),
    Holding(
        "community.Complaint",
        _("Complaints"),
        ("resident",),
        Ending.EMPTIED,
        shown={"phone": phones.masked},
        emptied={"words": "", "name": "", "phone": "", "answer": ""},
    ),
    Holding(
        "community.ComplaintPhoto",
        _("Photos with complaints"),
        ("complaint__resident",),
        Ending.ERASED,
    ),
    Holding(
        "community.ComplaintEvent",
        _("Steps of complaints"),
        ("complaint__resident",),
        Ending.EMPTIED,
        emptied={"note": ""},
    ),
)
RETENTION = (
    Retention(
        kind="complaints",
        label=_("What complaints said"),
        model="community.Complaint",
        since="closed_at",
        days=3 * 365,
        source="Civil Code, article 188: three years to claim",
        emptied={"words": "", "name": "", "phone": "", "answer": ""},
        path="resident",
    ),
)
