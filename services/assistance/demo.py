"""What assistance shows in the demo district; each part plants its own."""

from backend.runtime.demo.context import Context
from services.assistance.cases import demo as cases


def seed(context: Context) -> None:
    """Plant everything once."""
    cases.seed(context)
