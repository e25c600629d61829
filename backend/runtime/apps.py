"""App of the runtime."""

from importlib import import_module

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    """Health, checks, backup, the demo."""

    name = "backend.runtime"
    label = "runtime"

    def ready(self) -> None:
        """Register the checks."""
        import_module("backend.runtime.checks")
