"""What each consent is for: as it is kept, and as it is said aloud when somebody is asked.

Source: Personal Information Protection Law, articles 17 (purpose, by whom and how long, in plain
words and before consent), 29 (consent of its own) and 30 (why sensitive information is needed).
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent


@dataclass(frozen=True)
class Purpose:
    """What is shared with whom, why and for how long; the same as a question for the ear.

    Whoever changes a text counts its version up: consents keep what was said when they were given.
    """

    written: Promise
    spoken: Promise
    seen_by: Promise
    kept: Promise
    version: int = 1


Item = Consent.Item

_CONTACTS = _("Only the contacts you named see it, each with an account of their own.")
_ASKED_TOO = _("Only the contacts you named see it, or are rung about it.")
_WHILE_SHARED = _(
    "As long as you share it. When you take it back they see nothing of it any more, at once."
)

PURPOSES: dict[str, Purpose] = {
    Item.ALERTS: Purpose(
        _("Your contacts see when something in your home looks wrong, and what came of it."),
        _("When something at home seems wrong, may we let your family see it?"),
        _CONTACTS,
        _WHILE_SHARED,
    ),
    Item.VISITS: Purpose(
        _("Your contacts see who comes to help you, when they come and when they leave."),
        _("May your family see who comes to help you, and when?"),
        _ASKED_TOO,
        _WHILE_SHARED,
    ),
    Item.HEALTH: Purpose(
        _(
            "Your contacts see measurements such as blood pressure and heart rate, and when you "
            "last moved at home, so that they notice when you are not well."
        ),
        _("May your family see your blood pressure, and when you last moved at home?"),
        _CONTACTS,
        _WHILE_SHARED,
    ),
    Item.LOCATION: Purpose(
        _("Your contacts see where your watch is, so that they find you when you are lost."),
        _("If you should be lost outside, may your family see where you are?"),
        _CONTACTS,
        _WHILE_SHARED,
    ),
    Item.ASSISTANCE: Purpose(
        _("Your contacts see which benefits you get or asked for, and help with the papers."),
        _("May your family see which benefits you get, and help you with the papers?"),
        _ASKED_TOO,
        _WHILE_SHARED,
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
        _ASKED_TOO,
        _WHILE_SHARED,
    ),
    Item.RECORDING: Purpose(
        _("Calls with the care centre are recorded and kept to check what was agreed."),
        _("May we record what we speak on the telephone, so that we can check it later?"),
        _("Only those at the care centre who check it hear it. Your family does not."),
        _("As long as you allow it. When you take it back no further call is recorded."),
    ),
}


def wording_of(item: str, language: str) -> str:
    """What somebody is told before they say yes to an item, as it is kept with the consent."""
    purpose = PURPOSES[item]
    between = " " if language == "en" else ""
    with translation.override(language):
        return between.join(
            str(text) for text in (purpose.written, purpose.seen_by, purpose.kept, purpose.spoken)
        )
