"""What is kept of people here: reminders, the daily I-am-OK, who looked after them."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding, Retention
from services.wellbeing import policies

HOLDINGS = (
    Holding("wellbeing.Reminder", _("Reminders"), ("resident",), Ending.ERASED, order=60),
    Holding("wellbeing.Occurrence", _("Times of reminders"), ("resident",), Ending.ERASED),
    Holding("wellbeing.OkDay", _("The daily I-am-OK"), ("resident",), Ending.ERASED),
    Holding("wellbeing.Watched", _("How often we look after them"), ("resident",), Ending.ERASED),
    Holding(
        "wellbeing.WelfareContact",
        _("Welfare calls and visits"),
        ("resident",),
        Ending.EMPTIED,
        emptied={"note": ""},
    ),
)
RETENTION = (
    Retention(
        kind="reminders_and_days",
        label=_("Answers to reminders and the I-am-OK"),
        model="wellbeing.Occurrence",
        since="closed_at",
        days=policies.KEPT.days,
        source="our choice, as services.wellbeing.policies says",
        task="services.wellbeing.tasks.forget_old",
    ),
    Retention(
        kind="welfare_notes",
        label=_("Notes of welfare calls and visits"),
        model="wellbeing.WelfareContact",
        since="recorded_at",
        days=3 * 365,
        source="Civil Code, article 188: three years to claim",
        emptied={"note": ""},
        path="resident",
    ),
)
