"""What is said and written by the outbox itself."""

from django.utils.translation import gettext_lazy as _

from notifications import templates
from notifications.templates import Template

_TEMPLATES = {
    "sign_in_code": Template(
        text=_(
            "Your sign-in code is %(secret)s. It is valid for 5 minutes. Tell it to nobody. If you "
            "did not ask for it, reply NOT ME."
        )
    ),
    "sign_in_code_refused": Template(
        text=_(
            "Thank you. The code opens nothing any more, and for a day no new device gets one. "
            "Help reaches you as always."
        )
    ),
    "account_recovery_asked": Template(
        text=_(
            "Somebody asked for a new second step for your account. If you did not want this, call "
            "the care centre now."
        )
    ),
    "account_recovery_confirmed": Template(
        text=_(
            "Your account's second step was reset and you are signed out everywhere. If you did "
            "not want this, call the care centre now."
        )
    ),
    "not_needed": Template(say=[_("Thank you. This is already looked after.")]),
    "no_key_heard": Template(say=[_("We have not heard a key, so we are asking others.")]),
    "reply_thanks": Template(say=[_("Thank you.")]),
    "reply_refused": Template(
        say=[_("This could not be taken down. The care centre will call you.")]
    ),
    "reply_not_understood": Template(
        text=_("We did not understand. Please reply with only a number: %(keys)s.")
    ),
    "texts_not_read": Template(
        text=_("Nobody reads texts sent to this number. If you need help, reply SOS or call us.")
    ),
    "routine_stopped": Template(
        text=_(
            "You will get no more reminders from us. Calls for help still reach you. Reply START "
            "to get them again."
        )
    ),
    "routine_started": Template(text=_("You will get our reminders again.")),
    "inbound_greeting": Template(say=[_("This is the care centre.")]),
    "inbound_greeting_named": Template(say=[_("Hello %(who)s, this is the care centre.")]),
    "inbound_unknown_key": Template(say=[_("That key has no meaning here.")]),
    "inbound_goodbye": Template(say=[_("Thank you for calling. Goodbye.")]),
    "bridge_too_late": Template(say=[_("Thank you. A colleague has the call, or it is over.")]),
    "inbound_heard": Template(
        text=_("We have your call for help. Somebody will speak with you at once."),
        say=[_("We have your call."), _("Somebody will call you back at once.")],
    ),
    "inbound_unmanned": Template(
        text=_("We cannot help from here. If you need help, call %(number)s."),
        say=[_("We cannot help from here."), _("If you need help, call %(number)s.")],
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)
