"""Where offers stand on other pages: the desk's bar, panels, the board of warnings."""

from importlib import import_module

import_module("services.assistance.offers.mourning")
