"""What is written about alerts; no name and no health stands in it."""

from django.utils.translation import gettext_lazy as _

from notifications import templates
from notifications.templates import Template

templates.register(
    "alert_climbed",
    Template(
        text=_(
            "An alert in %(area)s is still open and has come to you. It stands on the desk "
            "under what waits."
        ),
        say=[
            _("This is the care centre."),
            _("An alert in %(area)s is still open and has come to you."),
            _("It stands on the desk under what waits."),
        ],
    ),
)
