"""App of the audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who read and changed what."""

    name = "backend.audit"
    label = "audit"
