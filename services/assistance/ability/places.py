"""Where assessments stand on other pages: panels, the board of warnings."""

from importlib import import_module

from backend.web import panels
from backend.web.panels import Panel, Place

import_module("services.assistance.ability.work")

panels.register(
    Place.RESIDENT, Panel("desk_resident_ability", "ability-assessments", "of-resident", 70)
)
panels.register(Place.CARE, Panel("ability_rounds", "ability-assessments", "rounds", 70))
