"""App of visits."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class VisitsConfig(AppConfig):
    """Care plans, rota, visits: planned, made, checked in and out."""

    name = "services.visits"
    label = "visits"

    def ready(self) -> None:
        """Say who is assigned to whom; hear who is away; stand on the pages of others."""
        names = "assignments reading work figures asking texting shell today"
        for module in names.split():
            import_module(f"services.visits.{module}")
        entry = Entry("visits", "desk_visits", _("Visits"), "visits", "board", 40)
        navigation.register("desk", entry)
        for place, panel in (
            (Place.RESIDENT, Panel("resident_visits", "care-plans", "read", 20)),
            (Place.ELDER, Panel("my_visits", "my-visits", "read", 10)),
            (Place.FAMILY, Panel("family_visits", "family-visits", "read", 20)),
        ):
            panels.register(place, panel)
