"""What is written and said of opened records and questions; no name of staff, no health."""

from django.utils.translation import gettext_lazy as _

from notifications import templates
from notifications.templates import Template

_TEMPLATES = {
    "record_opened": Template(
        text=_(
            "On %(when)s somebody of the care centre opened your record in an emergency: %(why)s. "
            "A colleague checks whether that was right. Questions? Ring us and press 0."
        ),
        say=[
            _("This is the care centre."),
            _("On %(when)s one of us opened your record in an emergency."),
            _("The reason: %(why)s."),
            _("A colleague checks whether that was right."),
            _("If you have questions, ring us and press 0."),
        ],
    ),
    "record_opened_guardian": Template(
        text=_(
            "On %(when)s somebody of the care centre opened %(who)s's record in an emergency: "
            "%(why)s. A colleague checks whether that was right. Questions? Ring us and press 0."
        ),
        say=[
            _("This is the care centre."),
            _("On %(when)s one of us opened %(who)s's record in an emergency."),
            _("The reason: %(why)s."),
            _("A colleague checks whether that was right."),
            _("If you have questions, ring us and press 0."),
        ],
    ),
    "look_question_answered": Template(
        text=_(
            "You asked why somebody looked at the record on %(day)s. %(answer)s More is on your "
            "page under “Who looked”."
        ),
        say=[
            _("This is the care centre."),
            _("You asked why somebody looked at the record on %(day)s."),
            "%(answer)s",
        ],
    ),
    "opening_review_waits": Template(
        text=_(
            "In %(area)s a record was opened in an emergency and nobody has reviewed it. It "
            "stands on the desk under what waits."
        )
    ),
    "look_question_waits": Template(
        text=_(
            "In %(area)s a resident asks why somebody looked at their record, and nobody has "
            "answered. It stands on the desk under what waits."
        )
    ),
    "sharing_begins": Template(
        say=[
            _("Here you hear what you share, one by one."),
            _("Help is on key 1 at any time."),
        ]
    ),
    "sharing_is_given": Template(
        say=[
            _("We asked you: %(question)s You said yes."),
            _("To share it no more, press 2."),
            _("For the next, press 3."),
        ]
    ),
    "sharing_is_not_given": Template(
        say=[
            _("%(question)s So far it is not shared."),
            _("To share it, press 2."),
            _("For the next, press 3."),
        ]
    ),
    "sharing_sure": Template(
        say=[
            _("If you share it: %(written)s"),
            _("You can take it back here at any time."),
            _("To say yes now, press 2 again."),
            _("To leave it as it is, press 3."),
        ]
    ),
    "sharing_taken_back": Template(
        say=[
            _("It is shared no more, from now on."),
            _("To share it again, press 2."),
            _("For the next, press 3."),
        ]
    ),
    "sharing_given_now": Template(
        say=[
            _("Thank you. It is shared from now on."),
            _("To take it back, press 2."),
            _("For the next, press 3."),
        ]
    ),
    "sharing_over": Template(say=[_("That was all. Thank you, goodbye.")]),
    "sharing_by_voice": Template(
        text=_("Please ring us and press 5, then you hear what your family sees of you.")
    ),
    "sharing_unknown_caller": Template(
        say=[
            _("From this telephone we cannot tell whose choice it is."),
            _("Please ring from your own telephone, or press 0 next time to speak with somebody."),
        ]
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)
