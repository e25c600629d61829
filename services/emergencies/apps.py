"""App of emergencies."""

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Somebody called for help: ring, escalate, accept, arrive, resolve."""

    name = "services.emergencies"
    label = "emergencies"
