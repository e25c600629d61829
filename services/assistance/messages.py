"""What assistance says; each part keeps its own texts."""

from services.assistance.cases import messages as cases
from services.assistance.offers import messages as offers

__all__ = ["cases", "offers"]
