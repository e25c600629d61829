"""Front-end files that come with Python packages, and the PWA shell made of our own.

Imported by the settings, so nothing here reads them while it is imported.
"""

import hashlib
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from django.contrib.staticfiles import finders

LEAFLET = "xstatic/pkg/leaflet/data"
HTMX = "django_htmx/static/django_htmx"

SHELLS: dict[str, tuple[str, ...]] = {
    audience: (
        "web/tokens.css",
        "web/base.css",
        f"web/{audience}.css",
        "web/icons/icon.svg",
        "web/icons/icon-192.png",
        "web/js/page.js",
        "web/js/bands.js",
        "web/js/changed.js",
        "web/js/confirm.js",
        "web/js/forms.js",
        "web/js/pwa.js",
        "web/js/ticking.js",
        "web/js/toast.js",
    )
    for audience in ("elder", "care")
}
"""Files that the service worker of each app keeps on the phone."""


def static_dirs() -> list[tuple[str, Path]]:
    """Folders for STATICFILES_DIRS: Leaflet at `leaflet/`, htmx at `htmx/`.

    They are found by path, because importing the XStatic package runs its namespace code.
    """
    return [
        ("leaflet", Path(str(distribution("XStatic-Leaflet").locate_file(LEAFLET)))),
        ("htmx", Path(str(distribution("django-htmx").locate_file(HTMX)))),
    ]


@cache
def shell_version(audience: str) -> str:
    """A short hash of the shell's files: a worker with another one takes the old one's place."""
    digest = hashlib.sha256()
    for name in SHELLS[audience]:
        found = finders.find(name)
        if found is None:
            raise FileNotFoundError(name)
        digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:12]
