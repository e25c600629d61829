"""Homes in which somebody's movement is watched over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.models import Leased
from backend.people.models import Household


class WatchedHome(Leased):
    """A home with sensors that see movement, and when it is looked at next (`due_at`)."""

    class State(models.TextChoices):
        AT_HOME = "at_home", _("at home")
        OUT = "out", _("went out")
        NOBODY = "nobody", _("nobody lives there now")
        UNKNOWN = "unknown", _("not known")

    household = models.OneToOneField(
        Household, models.CASCADE, primary_key=True, related_name="watched"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.UNKNOWN)
    watched_since = models.DateTimeField()
    """Silence before this is nobody's: then nobody lived there, or no sensor did."""
    moved_at = models.DateTimeField(null=True)
    moved_in = models.CharField(max_length=40, blank=True)
    """The room in which somebody moved last, as its sensor is labelled."""
    alert = models.UUIDField(null=True)
    """The alert that tells of the silence since `told_for`."""
    told_for = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="watched_home_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=False), name="watched_home_is_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"

    @property
    def reference(self) -> str:
        """How the journal names whoever acts for this home."""
        return f"home:{self.pk}"
