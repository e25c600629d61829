"""App of rights."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place


class RightsConfig(AppConfig):
    """Copy, correction, deletion, explanation and a second look, on their clocks."""

    name = "services.rights"
    label = "rights"

    def ready(self) -> None:
        """Stand on the board, and on the pages of residents and families."""
        import_module("services.rights.work")
        import_module("services.rights.deciders")
        restoring = import_module("services.rights.restoring")
        post_migrate.connect(restoring.after_migrating, sender=self)
        navigation.register(
            "desk", Entry("rights", "desk_rights", _("Data rights"), "rights-requests", "board", 60)
        )
        for place, panel in (
            (Place.RESIDENT, Panel("resident_rights", "rights-requests", "board", 70)),
            (Place.ELDER_BELOW, Panel("my_rights_now", "my-rights", "read", 90)),
            (Place.FAMILY, Panel("family_rights", "family-rights", "read", 90)),
        ):
            panels.register(place, panel)
