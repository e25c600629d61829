"""Who hears of which events, and what each is still to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.places.models import Area


class Webhook(models.Model):
    """Another system that hears of the events of an area.

    The address is sealed as the secrets are: whoever knows it could listen in its place.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    url = EncryptedTextField()
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(blank=True)
    """Signs beside the new one until `old_until`."""
    old_until = models.DateTimeField(null=True)
    types = ArrayField(models.CharField(max_length=60))
    """`call.opened`, or `call.*` for all that begin so."""
    seq = models.BigIntegerField()
    """The number of the last journal event it was owed, or passed by."""
    active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.label

    @property
    def reference(self) -> str:
        """How the audit names it."""
        return f"webhook:{self.pk}"


class Notice(Leased):
    """One event that one system is to be told; ids only, whoever may know more asks the API."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("told")
        DEAD = "dead", _("given up")

    id = models.UUIDField(primary_key=True, default=new_id)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="notices")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    subject = models.CharField(max_length=80)
    resident_id = models.UUIDField(null=True)
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=40, blank=True)
    """The status that was answered last, or the code of what went wrong."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "seq"], name="webhook_notice_once"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(due_at__isnull=False),
                name="webhook_notice_waiting_is_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="webhook_notice_due"
            ),
            models.Index(fields=["webhook", "-seq"], name="webhook_notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
