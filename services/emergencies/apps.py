"""App of emergencies."""

from importlib import import_module

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Somebody called for help: ring, escalate, accept, arrive, resolve."""

    name = "services.emergencies"
    label = "emergencies"

    def ready(self) -> None:
        """Hear of consoles, so that an unwatched board is noticed; say who is assigned to whom."""
        import_module("services.emergencies.consoles")
        import_module("services.emergencies.assignments")
