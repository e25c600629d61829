"""Where cases stand on other pages: the desk's bar, panels, the board of warnings."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from backend.web import navigation, panels
from backend.web.navigation import Entry
from backend.web.panels import Panel, Place

import_module("services.assistance.cases.assignments")
import_module("services.assistance.cases.work")

# Those who may enter a case work with cases; others only read them.
navigation.register("desk", Entry("cases", "desk_cases", _("Cases"), "cases", "accept", 60))
panels.register(Place.RESIDENT, Panel("desk_resident_cases", "cases", "accept", 60))
panels.register(Place.FAMILY, Panel("family_cases", "cases", "family", 60))
panels.register(Place.ELDER_BELOW, Panel("my_cases_now", "cases", "own", 60))
panels.register(Place.CARE, Panel("care_home_visits", "home-visits", "rounds", 60))
