"""What is kept of people here: what looked wrong."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding

HOLDINGS = (
    Holding(
        "alerts.Alert",
        _("Alerts"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"note": "", "detail": {}, "household": None},
    ),
)
