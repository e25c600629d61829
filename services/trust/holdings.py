"""What is kept of people here: who opened their record, and what they asked about it."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import CLAIMS, Ending, Holding

_COLLEAGUE = "the colleague's own account; who looked is told by name on the page"

HOLDINGS = (
    Holding(
        "trust.RecordOpening",
        _("Records opened in an emergency"),
        ("resident",),
        Ending.KEPT,
        left_out={"user": _COLLEAGUE, "reviewed_by": _COLLEAGUE},
        emptied={"reason": "", "note": ""},
        law=CLAIMS,
    ),
    Holding(
        "trust.LookQuestion",
        _("Questions why somebody looked"),
        ("resident",),
        Ending.KEPT,
        left_out={"looked_by": _COLLEAGUE, "answered_by": _COLLEAGUE},
        emptied={"answer": ""},
        law=CLAIMS,
    ),
)
