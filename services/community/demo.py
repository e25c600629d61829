"""Services of the demo district."""

from backend.runtime.demo.context import Context


def seed(context: Context) -> None:
    """Plant nothing yet."""
    del context
