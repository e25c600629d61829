"""Reminders, days and welfare contacts of the demo district."""

from backend.runtime.demo.context import Context


def seed(context: Context) -> None:
    """To come."""
