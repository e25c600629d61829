"""Tables of the kernel."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.fields import EncryptedTextField


class JournalEvent(models.Model):
    """One change, told to every screen that may see it.

    Inserted without a number in the transaction of the change; numbered by the sequencer once
    that transaction is committed. Who may see it stands in the row: an area path (prefix of the
    viewer's), a resident, or single viewers by reference ("user:<uuid>").
    """

    seq = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    by = models.CharField(max_length=80, blank=True)
    area_path = models.CharField(max_length=120, blank=True)
    resident_id = models.UUIDField(null=True)
    audience = ArrayField(models.CharField(max_length=80), default=list)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(seq__isnull=True), name="journal_unnumbered"
            ),
            models.Index(fields=["subject", "id"], name="journal_subject"),
            models.Index(fields=["type", "seq"], name="journal_type"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


class JournalHead(models.Model):
    """The last number given; one row."""

    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_seq)


class JournalReader(models.Model):
    """How far a named reader has read (`core.readers`)."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class ClockWatch(models.Model):
    """What a machine last saw of the database's clock."""

    class Reason(models.TextChoices):
        BACK = "back", _("set back")
        APART = "apart", _("clocks apart")

    machine = models.CharField(max_length=80, primary_key=True)
    highest_at = models.DateTimeField()
    """The latest that the database's clock ever said."""
    seen_at = models.DateTimeField()
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True)
    wrong_by_s = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.machine} {self.reason}"


class IdempotencyKey(models.Model):
    """The answer once given to a keyed POST, given again when it is repeated.

    The answer may name people, so it is encrypted; the fingerprint is of what was asked.
    """

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = EncryptedTextField(blank=True)
    """JSON."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class LedgerEntry(models.Model):
    """One message of a device or provider that was already taken (`core.ledger`)."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    result = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="message_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


def new_id() -> uuid.UUID:
    """A random identifier that says nothing about its thing."""
    return uuid.uuid4()


class Leased(models.Model):
    """A row that becomes due and is worked on under a lease (`core.due`)."""

    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)

    class Meta:
        abstract = True
