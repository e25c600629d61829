"""App of alerts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class AlertsConfig(AppConfig):
    """Something looks wrong: raised, acknowledged, assigned, resolved."""

    name = "services.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Put open alerts on the board of what waits; hear of deaths; stand in the desk's bar."""
        import_module("services.alerts.mourning")
        import_module("services.alerts.work")
        import_module("services.alerts.figures_of_alerts")
        import_module("services.alerts.today")
        for here, url, label, resource, action, order in (
            ("zero", "desk_zero", _("What waits"), "worklists", "read", 15),
            ("areas", "desk_areas", _("Map"), "worklists", "read", 16),
            ("alerts", "desk_alerts", _("Alerts"), "alerts", "acknowledge", 30),
            ("figures", "desk_figures", _("Figures"), "figures", "read", 80),
        ):
            navigation.register("desk", Entry(here, url, label, resource, action, order))
        navigation.register(
            "staff", Entry("figures", "desk_figures", _("Figures"), "figures", "read", 25)
        )
        panels.register(Place.FAMILY, Panel("family_alerts", "family-alerts", "read", 10))
