"""The licences of what we ship with, from the metadata of the packages.

python -m tests.security.licences --write
"""

import re
import sys
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

from tests.security.findings import Finding
from tests.security.rules import ROOT

TOOL = "licences"
PAGE = ROOT / "docs" / "security" / "licences.md"
LOCK = ROOT / "requirements.lock"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)([^\\\n]*)", re.MULTILINE)
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|Unlicense|CC0|0BSD"
    r"|HPND|PostgreSQL|LGPL|Public Domain",
    re.IGNORECASE,
)
"""Licences under which a district may run and pass on Yian (Apache-2.0) unchanged."""
BOUND = re.compile(r"(?<!L)GPL|AGPL|Affero|SSPL|Commercial|Proprietary", re.IGNORECASE)


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each package of the lock that is installed here."""
    for name, version, _marker in PINNED.findall(LOCK.read_text("utf-8")):
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        yield name, version, _licence(cast(Message, told))


def _licence(told: Message) -> str:
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    first = str(told.get("License") or "").strip().splitlines()
    return ", ".join(classifiers) or (first[0][:60] if first else "not said")


def page() -> str:
    """All of them as a table."""
    lines = [
        "# Licences of what Yian runs with",
        "",
        "From the packages' own metadata. Written by `python -m tests.security.licences --write`;",
        "`make security` fails on one under which a district could not pass Yian on.",
        "",
        "| package | licence |",
        "|---|---|",
        *[f"| {name} | {licence} |" for name, _version, licence in rows()],
    ]
    return "\n".join(lines) + "\n"


def findings() -> Iterator[Finding]:
    """Licences that bind us, and a page that is out of date."""
    for name, _version, licence in rows():
        if BOUND.search(licence) or not FREE.search(licence):
            yield Finding(TOOL, "licence", name, licence)
    if not PAGE.exists() or PAGE.read_text("utf-8") != page():
        yield Finding(TOOL, "page", PAGE.relative_to(ROOT).as_posix(), "out of date: --write")


if __name__ == "__main__":
    if "--write" in sys.argv:
        Path(PAGE).write_text(page(), encoding="utf-8")
    for found in findings():
        sys.stdout.write(f"{found}\n")
