"""Tags of the desk's pages."""

from django import template

from backend.core import journal

register = template.Library()


@register.simple_tag
def last_seq() -> int:
    """Where the live stream of a page begins that shows nothing of what may change."""
    return journal.last_seq()
