"""What is kept of people here: whether somebody moved in their home."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding

HOLDINGS = (
    Holding(
        "routine.WatchedHome",
        _("Movement in the home"),
        (),
        Ending.ERASED,
        of_home=("household",),
    ),
)
