"""Ability of older people by GB/T 42195-2022: what two assessors scored, and the level."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedJSONField, EncryptedTextField
from backend.core.models import new_id
from backend.people.models import Resident
from backend.places.models import Area


class AbilityLevel(models.IntegerChoices):
    """Source: GB/T 42195-2022, levels of ability."""

    INTACT = 0, _("ability intact")
    MILD = 1, _("mild loss of ability")
    MODERATE = 2, _("moderate loss of ability")
    SEVERE = 3, _("severe loss of ability")
    COMPLETE = 4, _("complete loss of ability")


class AbilityAssessment(models.Model):
    """One assessment: 26 scores, four groups, the level; final when two assessors have signed."""

    class Reason(models.TextChoices):
        FIRST = "first", _("first assessment")
        ROUTINE = "routine", _("routine assessment")
        CHANGED = "changed", _("the state has changed")
        DOUBTED = "doubted", _("the result was doubted")
        OTHER = "other", _("other")

    Level = AbilityLevel

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="ability_assessments")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    scale = models.CharField(max_length=20)
    """The version of the scale, "GB/T 42195-2022"."""
    reason = models.CharField(max_length=8, choices=Reason.choices)
    scores = EncryptedJSONField()
    """Points by item, all 26: {"B1.1": 4, …}."""
    self_care = models.PositiveSmallIntegerField()
    mobility = models.PositiveSmallIntegerField()
    mental = models.PositiveSmallIntegerField()
    participation = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    is_in_coma = EncryptedJSONField(default=False)
    has_dementia = EncryptedJSONField(default=False)
    has_psychiatric_diagnosis = EncryptedJSONField(default=False)
    risk_events = EncryptedJSONField(default=dict)
    """How often in the last 30 days, by kind: {"fall": 2, …}."""
    steps_worse = models.PositiveSmallIntegerField()
    """By how many levels diagnoses and events made it worse."""
    preliminary_level = models.PositiveSmallIntegerField(choices=AbilityLevel.choices)
    level = models.PositiveSmallIntegerField(choices=AbilityLevel.choices)
    informant = models.CharField(max_length=60, blank=True)
    """Who told, where it was not the person."""
    note = EncryptedTextField(blank=True)
    assessed_at = models.DateTimeField()
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """The second assessor."""
    signed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    """The second assessor did not agree: it is done anew."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total=F("self_care") + F("mobility") + F("mental") + F("participation")
                ),
                name="ability_total_sums",
            ),
            models.CheckConstraint(
                condition=Q(
                    self_care__lte=32, mobility__lte=15, mental__lte=28, participation__lte=15
                ),
                name="ability_groups_within_their_maxima",
            ),
            models.CheckConstraint(
                condition=Q(
                    level__lte=4, preliminary_level__lte=4, level__gte=F("preliminary_level")
                ),
                name="ability_level_of_the_scale",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("assessed_by")),
                name="ability_signed_by_two",
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(signed_at=None, dropped_at=None),
                name="ability_unsigned_once",
            ),
        ]
        ordering = ["-assessed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.total} {self.level}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"ability:{self.pk}"

    @property
    def is_final(self) -> bool:
        """Whether both assessors have signed."""
        return self.signed_at is not None
