"""What is said and written about requests; never what somebody asked for."""

from django.utils.translation import gettext_lazy as _

from notifications import templates
from notifications.templates import Template

_TEMPLATES = {
    "rights_received": Template(
        text=_("We have your request about your data. You hear from us by %(day)s."),
        say=[
            _("This is the care centre."),
            _("We have your request about your data. You hear from us by %(day)s."),
        ],
    ),
    "rights_copy_ready": Template(
        text=_("Your copy is ready. You can fetch it in the app for seven days."),
        say=[
            _("This is the care centre."),
            _("Your copy is ready. You can fetch it in the app for seven days."),
            _("If you have no app, come to our counter, and we give it to you."),
        ],
    ),
    "rights_done": Template(
        text=_("What you asked about your data is done. %(secret)s"),
        say=[_("This is the care centre. What you asked about your data is done."), "%(secret)s"],
    ),
    "rights_refused": Template(
        text=_(
            "We cannot do what you asked about your data. %(secret)s You can complain to us, or "
            "go to court."
        ),
        say=[
            _("This is the care centre. We cannot do what you asked about your data."),
            "%(secret)s",
            _("You can complain to us, or go to court."),
        ],
    ),
    "rights_due": Template(
        text=_("A request about somebody's data has to be answered by %(day)s. Please open it.")
    ),
}
"""Source of the last words of a refusal: Personal Information Protection Law, article 50."""

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)
