"""What each consent is for: as it is kept, and as it is said aloud when somebody is asked.

Source: Personal Information Protection Law, articles 17 (purpose in plain words, before consent)
and 30 (why sensitive information is needed).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent


@dataclass(frozen=True)
class Purpose:
    """What is shared with whom and why; the same as a question for the ear."""

    written: Promise
    spoken: Promise


Item = Consent.Item

PURPOSES: dict[str, Purpose] = {
    Item.ALERTS: Purpose(
        _("Your contacts see when something in your home looks wrong, and what came of it."),
        _("When something at home seems wrong, may we let your family see it?"),
    ),
    Item.VISITS: Purpose(
        _("Your contacts see who comes to help you, when they come and when they leave."),
        _("May your family see who comes to help you, and when?"),
    ),
    Item.HEALTH: Purpose(
        _(
            "Your contacts see measurements such as blood pressure and heart rate, and when you "
            "last moved at home, so that they notice when you are not well."
        ),
        _("May your family see your blood pressure, and when you last moved at home?"),
    ),
    Item.LOCATION: Purpose(
        _("Your contacts see where your watch is, so that they find you when you are lost."),
        _("If you should be lost outside, may your family see where you are?"),
    ),
    Item.ASSISTANCE: Purpose(
        _("Your contacts see which benefits you get or asked for, and help with the papers."),
        _("May your family see which benefits you get, and help you with the papers?"),
    ),
    Item.WELLBEING: Purpose(
        _(
            "Your contacts see and set your reminders, see whether you answered and said that "
            "you are well, and are asked to look after you when you do not answer."
        ),
        _(
            "May your family set reminders for you, and be asked to look after you when you do "
            "not answer?"
        ),
    ),
    Item.RECORDING: Purpose(
        _("Calls with the care centre are recorded and kept to check what was agreed."),
        _("May we record what we speak on the telephone, so that we can check it later?"),
    ),
}
