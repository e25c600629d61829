"""What assistance shows in the demo district; each part plants its own."""

from backend.runtime.demo.context import Context
from services.assistance.ability import demo as ability
from services.assistance.cases import demo as cases
from services.assistance.offers import demo as offers


def seed(context: Context) -> None:
    """Plant everything once."""
    cases.seed(context)
    offers.seed(context)
    ability.seed(context)
