"""What is said about visits, and the key by which those who ring us ask for their next one."""

from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from notifications import templates
from notifications.templates import Template

_TEMPLATES = {
    "visit_day": Template(text="%(list)s"),
    "visit_family_arrived": Template(
        text=_("%(carer)s arrived at %(who)s's home at %(time)s."), shared=Consent.Item.VISITS
    ),
    "visit_family_left": Template(
        text=_("%(carer)s finished the visit to %(who)s at %(time)s."),
        shared=Consent.Item.VISITS,
    ),
    "visit_next": Template(say=[_("Your next visit is %(when)s: %(service)s.")]),
    "visit_next_by": Template(
        say=[_("Your next visit is %(when)s: %(service)s. %(carer)s will come.")]
    ),
    "visit_none_ahead": Template(say=[_("No visit is planned for you in the next weeks.")]),
    "visit_unknown_caller": Template(
        say=[_("We do not know this number, so we can say nothing about visits here.")]
    ),
    "visit_request_agreed": Template(
        text=_("The visit you asked for with %(who)s is %(when)s."),
        say=[_("This is the care centre. The visit you asked for is %(when)s.")],
        shared=Consent.Item.VISITS,
    ),
    "visit_request_declined": Template(
        text=_("The visit you asked for with %(who)s is not possible: %(answer)s"),
        say=[_("This is the care centre. The visit you asked for is not possible: %(answer)s")],
        shared=Consent.Item.VISITS,
    ),
    "visit_who_comes": Template(
        text=_("%(carer)s will come to you today at %(time)s."),
        say=[_("This is the care centre. %(carer)s will come to you today at %(time)s.")],
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)
