"""App of routines."""

from django.apps import AppConfig

from backend.web import panels
from backend.web.panels import Panel, Place


class RoutineConfig(AppConfig):
    """Who has not moved for too long."""

    name = "devices.routine"
    label = "routine"

    def ready(self) -> None:
        """Stand on the page of a resident."""
        panels.register(Place.RESIDENT, Panel("desk_movement", "devices", "read", order=30))
