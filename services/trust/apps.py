"""App of trust."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class TrustConfig(AppConfig):
    """Who looked at whose record, why, and what was opened in an emergency."""

    name = "services.trust"
    label = "trust"

    def ready(self) -> None:
        """Answer key 5; put what waits on the board; stand on the pages of others."""
        import_module("services.trust.calling")
        import_module("services.trust.work")
        for here, url, label, resource, action, order in (
            ("openings", "break_glass", _("Open a record"), "record-openings", "create", 85),
            ("reviews", "opening_reviews", _("Reviews"), "opening-reviews", "list", 86),
            ("guardians", "guardian_papers", _("Guardians"), "guardianships", "list", 88),
        ):
            navigation.register("desk", Entry(here, url, label, resource, action, order))
        navigation.register(
            "staff",
            Entry("reviews", "opening_reviews", _("Reviews"), "opening-reviews", "list", 28),
        )
        panels.register(Place.CARE, Panel("break_glass_link", "record-openings", "create", 90))
        panels.register(Place.SHARING, Panel("who_looked_link", "looks", "read", 20))
        panels.register(Place.RESIDENT, Panel("desk_sharing", "desk-sharing", "read", 40))
