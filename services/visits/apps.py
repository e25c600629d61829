"""App of visits."""

from importlib import import_module

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Care plans, rota, visits: planned, made, checked in and out."""

    name = "services.visits"
    label = "visits"

    def ready(self) -> None:
        """Say who is assigned to whom."""
        import_module("services.visits.assignments")
