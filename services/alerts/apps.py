"""App of alerts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation
from backend.web.navigation import Entry


class AlertsConfig(AppConfig):
    """Something looks wrong: raised, acknowledged, assigned, resolved."""

    name = "services.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Stand in the desk's bar."""
        entry = Entry("alerts", "desk_alerts", _("Alerts"), "alerts", "acknowledge", 30)
        navigation.register("desk", entry)
