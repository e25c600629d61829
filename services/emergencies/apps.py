"""App of emergencies."""

from importlib import import_module

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Somebody called for help: ring, escalate, accept, arrive, resolve."""

    name = "services.emergencies"
    label = "emergencies"

    def ready(self) -> None:
        """Hear of consoles and of those who ring by themselves; say who is assigned to whom."""
        import_module("services.emergencies.consoles")
        import_module("services.emergencies.callers")
        import_module("services.emergencies.assignments")
