"""App of enrolment."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class EnrolmentConfig(AppConfig):
    """How somebody comes into the district's care."""

    name = "devices.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        """Hear of deaths; stand in the desk's bar and on the page of a resident."""
        import_module("devices.enrolment.mourning")
        import_module("devices.enrolment.withdrawing")
        entry = Entry("enrolments", "enrolments", _("Enrol"), "enrolments", "list", 60)
        navigation.register("desk", entry)
        panels.register(
            Place.RESIDENT, Panel("desk_life_state", "residents", "life-state", order=10)
        )
        panels.register(Place.RESIDENT, Panel("desk_known", "enrolments", "change", order=15))
        panels.register(Place.SHARING, Panel("family_circle_link", "family-circle", "read", 10))
        panels.register(
            Place.RESIDENT, Panel("desk_contact_checks", "enrolments", "change", order=20)
        )
