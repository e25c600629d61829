"""App of webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation
from backend.web.navigation import Entry


class WebhooksConfig(AppConfig):
    """Other systems of the district hear of events."""

    name = "backend.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Stand in the bar of the staff who have no desk."""
        navigation.register(
            "staff", Entry("webhooks", "webhooks", _("Other systems"), "webhooks", "list", 40)
        )
