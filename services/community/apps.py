"""App of community."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place
from services.emergencies import green


class CommunityConfig(AppConfig):
    """What can be ordered and complained of: the green button's services."""

    name = "services.community"
    label = "community"

    def ready(self) -> None:
        """Stand behind the green button and key 2, on the board, and on the pages of others."""
        for module in ("reading", "asking", "work", "figures"):
            import_module(f"services.community.{module}")
        green.register("services")
        for here, url, label, resource, action, order in (
            ("orders", "desk_orders", _("Orders"), "orders", "board", 50),
            ("complaints", "desk_complaints", _("Complaints"), "complaints", "board", 55),
        ):
            navigation.register("desk", Entry(here, url, label, resource, action, order))
        for place, panel in (
            (Place.RESIDENT, Panel("resident_orders", "orders", "board", 50)),
            (Place.ELDER_BELOW, Panel("my_orders_now", "my-orders", "read", 30)),
            (Place.FAMILY, Panel("family_orders", "family-orders", "read", 30)),
        ):
            panels.register(place, panel)
