"""Front-end files: those of others found by path, and ours complete on the phone."""

import posixpath
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from backend.web import shells


@pytest.mark.parametrize(
    "name", ["leaflet/leaflet-src.esm.js", "leaflet/leaflet.css", "htmx/htmx-2.min.js"]
)
def test_files_of_python_packages_are_served(name: str) -> None:
    assert finders.find(name)


@pytest.mark.parametrize("audience", shells.AUDIENCES)
def test_a_shell_holds_every_module_that_its_modules_import(audience: str) -> None:
    files = shells.files_of(audience)
    for name in files:
        source = Path(str(finders.find(name))).read_bytes().decode(errors="ignore")
        imported = re.findall(r' from "(\.[^"]+\.js)"', source) if name.endswith(".js") else []
        folder = posixpath.dirname(name)
        needed = {posixpath.normpath(posixpath.join(folder, module)) for module in imported}
        assert needed <= set(files), name


def test_the_shells_of_two_apps_differ() -> None:
    assert shells.version_of("elder") != shells.version_of("care")
