"""Front-end files that come with Python packages.

Imported by the settings, so nothing here reads them while it is imported.
"""

from importlib.metadata import distribution
from pathlib import Path

LEAFLET = "xstatic/pkg/leaflet/data"
HTMX = "django_htmx/static/django_htmx"


def static_dirs() -> list[tuple[str, Path]]:
    """Folders for STATICFILES_DIRS: Leaflet at `leaflet/`, htmx at `htmx/`.

    They are found by path, because importing the XStatic package runs its namespace code.
    """
    return [
        ("leaflet", Path(str(distribution("XStatic-Leaflet").locate_file(LEAFLET)))),
        ("htmx", Path(str(distribution("django-htmx").locate_file(HTMX)))),
    ]
