"""The port of the green button: the page on which a service is chosen.

Without one the green button opens a call for a service, and an operator rings back; with one the
page offers that too.
"""

from django.urls import reverse

_pages: list[str] = []


def register(url: str) -> None:
    """Let the green button lead to the page of this name.

    Raises:
        ValueError: it leads to another.
    """
    if _pages and _pages != [url]:
        raise ValueError("two pages behind the green button")
    _pages[:] = [url]


def address() -> str:
    """Where the green button leads; "" where it only calls."""
    return reverse(_pages[0]) if _pages else ""
