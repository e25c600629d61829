"""What is kept of people here: where their home is."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding

HOLDINGS = (
    Holding(
        "places.Address",
        _("Address of the home"),
        (),
        Ending.EMPTIED,
        of_home=("household",),
        left_out={"search_text": "the address once more, as it is searched by"},
    ),
)
"""An address is a place on a map; nobody is known by it once no home leads there."""
