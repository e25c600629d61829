"""App of alerts."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Something looks wrong: raised, acknowledged, assigned, resolved."""

    name = "services.alerts"
    label = "alerts"
