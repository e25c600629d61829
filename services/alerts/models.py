"""Alerts and their life cycle."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Caregiver, Household, Resident
from backend.places.models import Area
from services.alerts.reasons import reason_of


class Alert(Leased):
    """Something looks wrong in a home; at most one open per resident (or home) and kind.

    While it is open, `due_at` is when it climbs to the next person (`climbing`).
    """

    class Kind(models.TextChoices):
        SOS = "sos", _("help button")
        FALL = "fall", _("fall")
        SMOKE = "smoke", _("smoke")
        GAS = "gas", _("gas")
        WATER = "water", _("water leak")
        INACTIVITY = "inactivity", _("no movement")
        OFFLINE = "offline", _("device silent")
        BATTERY = "battery", _("battery low")
        TAMPER = "tamper", _("device tampered with")
        VITALS = "vitals", _("vital sign")
        NO_ROUTE = "no_route", _("cannot be reached")
        VISIT_LATE = "visit_late", _("visit late")
        VISIT_MISSED = "visit_missed", _("visit missed")
        VISIT_UNSTAFFED = "visit_unstaffed", _("nobody for a visit")
        NO_ANSWER = "no_answer", _("does not answer")
        NOT_HEARD_OF = "not_heard_of", _("not heard of")
        CASE_OVERDUE = "case_overdue", _("case overdue")
        ORDER_OVERDUE = "order_overdue", _("order overdue")
        COMPLAINT_OVERDUE = "complaint_overdue", _("complaint overdue")
        RIGHTS_OVERDUE = "rights_overdue", _("request about own data overdue")

    class State(models.TextChoices):
        RAISED = "raised", _("raised")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ASSIGNED = "assigned", _("assigned")
        RESOLVED = "resolved", _("resolved")
        FALSE = "false", _("false alarm")

    OPEN = (State.RAISED, State.ACKNOWLEDGED, State.ASSIGNED)

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="alerts")
    source_device = models.UUIDField(null=True)
    call_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times_seen = models.PositiveIntegerField(default=1)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=80, blank=True)
    assigned_to = models.ForeignKey(Caregiver, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    note = EncryptedTextField(max_length=300, blank=True)
    climbs = models.PositiveIntegerField(default=0)
    """How often somebody above was told that it is still open."""
    climbed_to = models.CharField(max_length=80, blank=True)
    """Whom it climbed to last, as "user:<uuid>"; "" for nobody there."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("resolved", "false")) | Q(due_at__isnull=False),
                name="alert_open_is_due",
            ),
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=Q(state__in=("raised", "acknowledged", "assigned"))
                & Q(resident__isnull=False),
                name="alert_open_once",
            ),
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=Q(state__in=("raised", "acknowledged", "assigned"))
                & Q(resident__isnull=True),
                name="alert_open_once_home",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "raised_at"], name="alert_board"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="alert_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def reference(self) -> str:
        """How journal and deliveries name this alert."""
        return f"alert:{self.pk}"

    @property
    def reason(self) -> str:
        """Why it was raised, in the reader's language; "" where its kind says all."""
        return reason_of(self.kind, self.detail)
