"""The daily I-am-OK (平安报): one row a resident and day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.wellbeing.models.asking import Asked


class OkDay(Asked):
    """Whether a resident said on a day that all is well; asked only if they did not by then."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("not yet due")
        ASKED = "asked", _("asked, not answered yet")
        OK = "ok", _("all is well")
        PERSON_WANTED = "person_wanted", _("wanted to speak with somebody")
        LOOKED_AFTER = "looked_after", _("somebody looked after them")
        SILENCED = "silenced", _("not asked: not at home")

    OPEN = (State.EXPECTED, State.ASKED)

    day = models.DateField()
    by_at = models.DateTimeField()
    """By when they say it."""
    state = models.CharField(max_length=14, choices=State.choices, default=State.EXPECTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "day"], name="ok_day_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("expected", "asked"))
                | Q(due_at__isnull=False)
                | Q(stage="desk"),
                name="ok_day_open_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("expected", "asked"), closed_at=None)
                | (~Q(state__in=("expected", "asked")) & Q(closed_at__isnull=False)),
                name="ok_day_answered_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="ok_day_due"),
            models.Index(fields=["day", "state"], name="ok_day_state"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"

    @property
    def reference(self) -> str:
        """How deliveries and the journal name it."""
        return f"ok-day:{self.pk}"
