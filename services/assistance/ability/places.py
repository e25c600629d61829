"""Where assessments stand on other pages."""

from backend.web import panels
from backend.web.panels import Panel, Place

panels.register(
    Place.RESIDENT, Panel("desk_resident_ability", "ability-assessments", "of-resident", 70)
)
panels.register(Place.CARE, Panel("ability_rounds", "ability-assessments", "rounds", 70))
