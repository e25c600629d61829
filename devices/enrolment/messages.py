"""What contacts are asked and told when somebody is enrolled, and what their keys mean."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from devices.enrolment.actions.checking import answer_check
from devices.enrolment.models import ContactCheck
from notifications import replies, templates
from notifications.models import Delivery
from notifications.replies import Spoken
from notifications.templates import Template

YES, NO = "1", "2"

_TEMPLATES = {
    "contact_check": Template(
        text=_(
            "%(who)s names you as somebody to call in need. Is it you, and do you agree? Tell the "
            "code %(secret)s to whoever enters it for them, or reply 1 for yes, 2 for no."
        ),
        say=[
            _("This is the care centre."),
            _("%(who)s names you as somebody we call when they need help."),
        ],
        ask=[
            _("If it is you and you agree, press 1."),
            _("If it is not you, or you do not want it, press 2."),
        ],
    ),
    "contact_check_yes": Template(say=[_("Thank you. We call you when %(who)s needs somebody.")]),
    "contact_check_no": Template(say=[_("Thank you. We do not call you.")]),
    "contact_check_unknown": Template(say=[_("That key has no meaning here.")]),
    "circle_widened": Template(
        text=_("%(by)s named %(name)s as somebody who sees what you share. Ring us to change it."),
        say=[
            _("This is the care centre."),
            _("%(by)s named %(name)s as somebody who sees what you share."),
            _("If you do not want this, please ring us."),
        ],
    ),
    "invitation": Template(
        text=_(
            "%(who)s lets you see on your telephone how they are. Make your own entry here: "
            "%(secret)s It works for 7 days."
        )
    ),
    "death_for_staff": Template(
        text=_(
            "%(who)s of %(area)s has died. Reminders, visits and questions are stopped. Please "
            "speak with the family yourself before anybody writes to them."
        )
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)


def answer_to_check(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """1: it is me, and I agree; 2: no."""
    check = ContactCheck.objects.filter(pk=UUID(delivery.cause.partition(":")[2])).first()
    if check is None or key not in {YES, NO}:
        return Spoken("contact_check_unknown", {}, ask_again=check is not None)
    answer_check(check, confirmed=key == YES, by=delivery.person, now=now)
    who = {"who": delivery.context.get("who", "")}
    return Spoken("contact_check_yes" if key == YES else "contact_check_no", who)


replies.register("contact-check", answer_to_check)
