"""What is said and written about orders and complaints, and what the keys mean."""

from django.utils.translation import gettext_lazy as _

from notifications import replies, templates
from notifications.templates import Template
from services.community.checking_back import answer_to_check

_TEMPLATES = {
    "order_by_family": Template(
        text=_("%(who)s ordered for you: %(service)s, %(when)s."),
        say=[_("This is the care centre. %(who)s ordered for you: %(service)s, %(when)s.")],
    ),
    "order_by_phone": Template(
        text=_("It is ordered: %(service)s, %(when)s."),
        say=[_("This is the care centre. It is ordered: %(service)s, %(when)s.")],
    ),
    "order_comes_again": Template(
        text=_("It is ordered for you: %(service)s, again and again at %(time)s."),
        say=[
            _(
                "This is the care centre. It is ordered for you: %(service)s, again and again "
                "at %(time)s."
            )
        ],
    ),
    "order_on_the_way": Template(text=_("On the way to you: %(service)s. %(by)s")),
    "order_cancelled": Template(
        text=_("We are sorry: %(service)s, %(when)s, cannot be brought. We will ring you."),
        say=[
            _("This is the care centre."),
            _("We are sorry: %(service)s, %(when)s, cannot be brought. We will ring you."),
        ],
    ),
    "order_for_provider": Template(
        text=_("An order: %(service)s, %(when)s, %(who)s. Take it here: %(secret)s")
    ),
    "order_link_for_provider": Template(
        text=_("What you bring in the days to come, by a fresh link: %(secret)s")
    ),
    "order_given_up": Template(text=_("Not wanted any more: %(service)s, %(when)s, %(who)s.")),
    "order_back_soon": Template(
        text=_("We have it. Somebody rings you back about the service."),
        say=[_("We have it."), _("Somebody rings you back about the service.")],
    ),
    "complaint_received": Template(text=_("We have your complaint. You hear from us by %(day)s.")),
    "complaint_check": Template(
        text=_(
            "About your complaint of %(day)s: %(secret)s Was it put right? Reply 1 for yes, 2 "
            "for no."
        ),
        say=[
            _("This is the care centre, about your complaint of %(day)s."),
            "%(secret)s",
            _("Was it put right?"),
        ],
        ask=[
            _("If it was put right, press 1."),
            _("If it was not, press 2."),
            _("To hear this again, press star."),
        ],
    ),
    "complaint_right": Template(say=[_("Thank you. We are glad. The complaint is closed.")]),
    "complaint_not_right": Template(
        say=[_("Thank you. Then we look into it again. You hear from us.")]
    ),
    "complaint_over": Template(say=[_("Thank you. We have your answer already.")]),
    "complaint_unknown_key": Template(say=[_("That key has no meaning here.")]),
    "complaint_overdue": Template(
        text=_("A complaint of %(day)s is overdue. Please open the desk.")
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)

replies.register("complaint", answer_to_check)
