"""Rows of the audit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditRow(models.Model):
    """Somebody read or changed something about somebody; only ever appended."""

    class Action(models.TextChoices):
        READ = "read", _("looked at")
        CHANGE = "change", _("changed")
        CREATE = "create", _("made")
        DELETE = "delete", _("deleted")
        SIGN_IN = "sign_in", _("signed in")
        REFUSED = "refused", _("refused")
        SHARE = "share", _("handed to others")
        """Something was handed to others: an exchange record, kept longer."""
        EXPORT = "export", _("audit taken along")
        """Rows of the audit left as a signed file."""
        CUT = "cut", _("audit shortened")
        """Old rows left the audit, after a signed export of them."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    action = models.CharField(max_length=20, choices=Action.choices)
    subject = models.CharField(max_length=80, db_index=True)
    resident_id = models.UUIDField(null=True, db_index=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"


class Unsealed(models.Model):
    """A row that has no place in the chain yet; put here by a trigger, in the row's transaction."""

    row_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.row_id)


class Seal(models.Model):
    """The place of one row in the chain: its number, and the hash over it and all before it.

    Numbers have no gaps. Rows are never touched: what is known of their order stands here.
    """

    number = models.BigIntegerField(primary_key=True)
    row_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number} {bytes(self.hash).hex()}"


class Cut(models.Model):
    """Which rows left the audit lawfully, signed, so that nobody else can say so.

    Rows numbered up to `rows_to` are gone but for those in `kept` (exchange records); seals up to
    `seals_to` are gone, and the next one goes on from `hash`.
    """

    at = models.DateTimeField()
    rows_to = models.BigIntegerField(unique=True)
    seals_to = models.BigIntegerField()
    hash = models.BinaryField()
    kept = ArrayField(models.BigIntegerField(), default=list)
    export_sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    signature = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"up to {self.rows_to}"
