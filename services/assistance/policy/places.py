"""Where rules stand on other pages, and what they hear of."""

from importlib import import_module

from backend.web import panels
from backend.web.panels import Panel, Place

for _part in ("checks", "judge_of_cases", "screening"):
    import_module(f"services.assistance.policy.{_part}")

panels.register(Place.RESIDENT, Panel("desk_resident_benefits", "screenings", "read", 65))
