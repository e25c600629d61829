"""App of the pages' common ground."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation
from backend.web.navigation import Entry


class WebConfig(AppConfig):
    """Templates, static files, template tags and the common API; no tables."""

    name = "backend.web"
    label = "web"

    def ready(self) -> None:
        """Lead the staff who have no desk from page to page."""
        for here, url, label, resource, action, order in (
            ("accounts", "staff", _("Accounts of staff"), "accounts", "list", 10),
            ("audit", "web:audit", _("Who read and changed what"), "audit", "list", 20),
            ("access", "web:access_table", _("Who may do what"), "access-table", "read", 30),
            ("account", "account", _("Your account"), "me", "read", 90),
        ):
            navigation.register("staff", Entry(here, url, label, resource, action, order))
