"""The port of the installed apps: what each keeps on the phone, and what it shows without network.

A package that makes the pages of an app adds its files and may give the app a page of its own for
when there is no network; otherwise that page says only whom to call.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

AUDIENCES = ("elder", "care")
COMMON = (
    "web/tokens.css",
    "web/base.css",
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

PagePart = Callable[[], str]

_files: dict[str, list[str]] = {
    audience: [*COMMON, f"web/{audience}.css"] for audience in AUDIENCES
}
_later: dict[str, list[str]] = {audience: [] for audience in AUDIENCES}
_pages: dict[str, PagePart] = {}


def keep(audience: str, *names: str, later: tuple[str, ...] = ()) -> None:
    """Let an app keep these static files: `names` with its first start, `later` once used."""
    for known, added in ((_files, names), (_later, later)):
        known[audience].extend(name for name in added if name not in known[audience])


def show_without_network(audience: str, page: PagePart) -> None:
    """Give an app its page for when there is no network.

    `page` makes it in the language of the moment, the same for everybody. An app with a page of
    its own also shows it when the server fails.

    Raises:
        ValueError: somebody else makes it.
    """
    if _pages.setdefault(audience, page) is not page:
        raise ValueError(f"two pages without network for {audience}")


def files_of(audience: str) -> list[str]:
    """What an app keeps from its first start on."""
    return list(_files[audience])


def later_of(audience: str) -> list[str]:
    """What it keeps once it was used."""
    return list(_later[audience])


def page_of(audience: str) -> PagePart | None:
    """Its page without network, if a package gave it one."""
    return _pages.get(audience)


@cache
def version_of(audience: str) -> str:
    """A short hash of the kept files: a worker with another one takes the old one's place."""
    digest = hashlib.sha256()
    for name in [*files_of(audience), *later_of(audience)]:
        found = finders.find(name)
        if found is None:
            raise FileNotFoundError(name)
        digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:12]
