"""Complaints: on a clock until they are answered, open until somebody asked if it is put right."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Language, Resident
from backend.places.models import Area
from services.community.models.catalogue import Provider
from services.community.models.orders import Order


class Complaint(Leased):
    """What somebody says is wrong, and what was done about it.

    Leased: due when its limit ends, or when whoever complained is to be asked.
    """

    class Category(models.TextChoices):
        QUALITY = "quality", _("how it was done")
        STAFF = "staff", _("how somebody behaved")
        PRICE = "price", _("price and payment")
        LATE = "late", _("late, or not at all")
        SAFETY = "safety", _("danger to people")
        PLACE = "place", _("buildings and equipment")
        ADVICE = "advice", _("question or advice")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested by a low rating")
        OPEN = "open", _("received")
        ANSWERED = "answered", _("answered, not checked yet")
        CLOSED = "closed", _("closed")
        DISMISSED = "dismissed", _("not taken up")

    class Source(models.TextChoices):
        RESIDENT = "resident", _("the resident")
        FAMILY = "family", _("the family")
        DESK = "desk", _("told to the centre")
        RATING = "rating", _("a low rating")
        HOTLINE = "hotline", _("the 12345 hotline")

    class Outcome(models.TextChoices):
        """What came of asking whether it was put right."""

        RIGHT = "right", _("put right")
        NOT_RIGHT = "not_right", _("not put right")
        UNREACHED = "unreached", _("not reached")

    LIVE = (State.OPEN, State.ANSWERED)

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="complaints")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="complaints")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    hotline_number = models.CharField(max_length=40, blank=True)
    """The number of the hotline's ticket."""
    category = models.CharField(max_length=10, choices=Category.choices)
    words = EncryptedTextField()
    name = EncryptedTextField(blank=True)
    """Who complains; "" for somebody who does not say."""
    phone = EncryptedTextField(blank=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    made_by = models.CharField(max_length=80)
    """The account, "user:<uuid>"; whoever took it down where it was told."""
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    limit = models.JSONField(default=dict)
    """As it stood on the first day: {"days", "unit", "basis", "basis_en"} (`limits.yaml`)."""
    ends_at = models.DateTimeField(null=True)
    """It has to be answered before."""
    overdue_since = models.DateTimeField(null=True)
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=60, blank=True)
    asked_times = models.PositiveSmallIntegerField(default=0)
    """How often we tried to ask whether it was put right, since the last answer."""
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=80, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hotline_number"],
                condition=~Q(hotline_number=""),
                name="complaint_once_a_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(checked_at__isnull=False, outcome__in=("right", "unreached")),
                name="complaint_closed_after_check",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("closed", "dismissed", "suggested"))
                | Q(due_at__isnull=False)
                | Q(overdue_since__isnull=False),
                name="complaint_live_is_due_or_overdue",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(ends_at__isnull=False),
                name="complaint_open_has_a_limit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="complaint_due"
            ),
            models.Index(fields=["area", "state", "ends_at"], name="complaint_board"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.state}"

    @property
    def limit_basis(self) -> str:
        """What the limit rests on, in the reader's language."""
        in_english = (get_language() or "").startswith("en")
        basis: str = self.limit.get("basis_en" if in_english else "basis") or self.limit["basis"]
        return basis

    @property
    def reference(self) -> str:
        """How journal, audit and deliveries name it."""
        return f"complaint:{self.pk}"


class ComplaintPhoto(models.Model):
    """What somebody shows of it: a JPEG of our own making (`core.pictures`), sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="photos")
    content = EncryptedTextField()
    """Base64."""
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["complaint", "added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class ComplaintEvent(models.Model):
    """One step of a complaint; only ever added."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    event = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["complaint", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"
