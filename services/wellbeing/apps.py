"""App of wellbeing."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class WellbeingConfig(AppConfig):
    """Reminders, the daily I-am-OK, and who was not heard of."""

    name = "services.wellbeing"
    label = "wellbeing"

    def ready(self) -> None:
        """Hear of those below; answer key 9; stand on the pages of others."""
        for module in ("reading", "calling", "work", "seeing", "assignments", "figures", "today"):
            import_module(f"services.wellbeing.{module}")
        entry = Entry(
            "forgotten", "desk_forgotten", _("Nobody forgotten"), "nobody-forgotten", "list", 45
        )
        navigation.register("desk", entry)
        for place, panel in (
            (Place.ELDER, Panel("my_reminders", "my-wellbeing", "read", 5)),
            (Place.ELDER_BELOW, Panel("my_ok", "my-wellbeing", "read", 5)),
            (Place.FAMILY, Panel("family_wellbeing", "family-wellbeing", "read", 5)),
            (Place.RESIDENT, Panel("resident_wellbeing", "reminders", "read", 25)),
            (Place.CARE, Panel("my_welfare", "my-welfare", "read", 40)),
        ):
            panels.register(place, panel)
