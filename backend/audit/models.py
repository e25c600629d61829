"""Rows of the audit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AuditRow(models.Model):
    """Somebody read or changed something about somebody; only ever appended."""

    class Action(models.TextChoices):
        READ = "read"
        CHANGE = "change"
        CREATE = "create"
        DELETE = "delete"
        SIGN_IN = "sign_in"
        REFUSED = "refused"

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    action = models.CharField(max_length=20, choices=Action.choices)
    subject = models.CharField(max_length=80, db_index=True)
    resident_id = models.UUIDField(null=True, db_index=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"
