"""What assistance says; each part keeps its own texts."""

from services.assistance.cases import messages as cases

__all__ = ["cases"]
