"""Nobody forgotten: whom the district must hear of, when it last did, and what is owed next."""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Role
from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Caregiver, Resident
from backend.places.models import Area


class AreaEvent(models.Model):
    """A heatwave, a typhoon: everybody at risk in an area is to be heard of soon."""

    class Kind(models.TextChoices):
        HEAT = "heat", _("heatwave")
        COLD = "cold", _("cold wave")
        STORM = "storm", _("typhoon or storm")
        FLOOD = "flood", _("flood")
        OUTAGE = "outage", _("power or water cut")
        EPIDEMIC = "epidemic", _("epidemic")
        OTHER = "other", _("other event")

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)
    within_h = models.PositiveSmallIntegerField(default=24)
    owed_by = models.DateTimeField()
    owed_count = models.PositiveIntegerField(default=0)
    """How many were to be heard of when it was declared."""

    class Meta:
        ordering = ["-declared_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.declared_at:%c}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"area-event:{self.pk}"


class Watched(Leased):
    """A resident at risk: when a person last heard of them, and by when the next one must.

    `due_at` is `owed_at`, and once that is over when it climbs to whoever leads next.
    """

    class Heard(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", _("answered call")
        OK = "ok", _("said that all is well")
        REMINDER = "reminder", _("answered a reminder")
        EMERGENCY = "emergency", _("call for help")
        WELFARE_CALL = "welfare_call", _("welfare call")
        WELFARE_VISIT = "welfare_visit", _("welfare visit")

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="watched")
    every_days = models.PositiveSmallIntegerField()
    """How many days may pass at most (`policies.TIERS`)."""
    since = models.DateTimeField()
    assigned_to = models.ForeignKey(Caregiver, models.SET_NULL, null=True, related_name="+")
    """Who owes the next contact."""
    heard_at = models.DateTimeField(null=True)
    heard_how = models.CharField(max_length=14, choices=Heard.choices, blank=True)
    heard_by = models.CharField(max_length=80, blank=True)
    owed_at = models.DateTimeField(null=True)
    """None while they are in hospital or away."""
    event = models.ForeignKey(AreaEvent, models.SET_NULL, null=True, related_name="+")
    """The event for which they are owed sooner than their days say."""
    climbs = models.PositiveSmallIntegerField(default=0)
    climbed_to = models.CharField(max_length=16, blank=True)
    """The role it climbed to last."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owed_at=None) | Q(due_at__isnull=False), name="watched_owed_is_due"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="watched_due"),
            models.Index(fields=["owed_at"], name="watched_owed"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} every {self.every_days} days"

    @property
    def climbed_word(self) -> str | Promise:
        """Whom it climbed to last, in words."""
        return Role(self.climbed_to).label if self.climbed_to else ""


class WelfareContact(models.Model):
    """Somebody looked in (探访), or rang, and how they found the resident."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", _("call")

    class Outcome(models.TextChoices):
        WELL = "well", _("is well")
        NEEDS_HELP = "needs_help", _("needs help")
        NOT_REACHED = "not_reached", _("not reached")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="welfare_contacts")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]
        indexes = [models.Index(fields=["resident", "-at"], name="welfare_contact_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"welfare-contact:{self.pk}"
