"""App of assistance."""

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """Benefits and cases: rules as data, clocks, offers, letters."""

    name = "services.assistance"
    label = "assistance"
