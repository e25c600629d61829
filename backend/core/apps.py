"""App of the kernel."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The kernel's tables: journal, ledger, idempotency keys."""

    name = "backend.core"
    label = "core"
