"""App of emergencies."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation
from backend.web.navigation import Entry


class EmergenciesConfig(AppConfig):
    """Somebody called for help: ring, escalate, accept, arrive, resolve."""

    name = "services.emergencies"
    label = "emergencies"

    def ready(self) -> None:
        """Hear of consoles and callers; say who is assigned to whom; stand in the desk's bar."""
        import_module("services.emergencies.record")
        import_module("services.emergencies.consoles")
        import_module("services.emergencies.callers")
        import_module("services.emergencies.persons")
        import_module("services.emergencies.assignments")
        import_module("services.emergencies.work")
        import_module("services.emergencies.figures")
        import_module("services.emergencies.shell")
        import_module("services.emergencies.today")
        for here, url, label, order in (
            ("board", "desk", _("Board"), 10),
            ("calls", "desk_calls", _("All calls"), 20),
            ("unreachable", "desk_unreachable", _("Not to be rung"), 90),
        ):
            navigation.register("desk", Entry(here, url, label, "desk", "read", order))
