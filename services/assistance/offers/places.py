"""Where offers stand on other pages: the desk's bar, panels, the board of warnings."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place

import_module("services.assistance.offers.mourning")
import_module("services.assistance.offers.work")

navigation.register(
    "desk", Entry("offers", "desk_offers", _("Benefits"), "benefit-offers", "follow-up", 65)
)
panels.register(Place.FAMILY, Panel("family_offers", "benefit-offers", "family", 55))
panels.register(Place.ELDER_BELOW, Panel("my_offers_now", "benefit-offers", "own", 55))
