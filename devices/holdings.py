"""What is kept of people here: the devices of their home, and what those said."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding, Retention
from devices import readings

HOLDINGS = (
    Holding(
        "devices.Device",
        _("Devices"),
        ("resident",),
        Ending.EMPTIED,
        of_home=("household",),
        left_out={"token_hash": "opens the device's door", "claim_index": "a keyed hash"},
        emptied={"resident": None, "household": None, "label": "", "room": ""},
        order=60,
    ),
    Holding(
        "devices.Reading",
        _("What the devices said"),
        ("device__resident",),
        Ending.ERASED,
        of_home=("device__household",),
    ),
)
RETENTION = (
    Retention(
        kind="readings",
        label=_("What devices said, positions included"),
        model="devices.Reading",
        since="at",
        days=readings.KEPT.days,
        source="our choice: a season of somebody's ways; whole months are dropped",
        task="devices.tasks.keep_readings",
    ),
)
