"""What is said about a call, and what the keys pressed in answer mean.

Texts carry a surname at most, never an address or anything of health: whoever goes finds those
in the app, or is told by the operator.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.people.models import Caregiver, Contact
from notifications import replies, templates
from notifications.models import Delivery
from notifications.replies import Spoken
from notifications.templates import Template
from services.emergencies import watching
from services.emergencies.actions.handling import take_call
from services.emergencies.actions.responding import Responder, accept_call, decline_call
from services.emergencies.errors import CallClosed, CallTaken
from services.emergencies.models import EmergencyCall

_KEYS = [
    _("If you are going there now, press 1."),
    _("If you cannot, press 2."),
    _("If you cannot go but want to stay informed, press 3."),
    _("To hear this again, press star."),
]

_TEMPLATES = {
    "call_heard": Template(
        text=_("We have your call for help. Somebody will speak with you at once."),
        say=[
            _("We have your call for help."),
            _("Somebody will speak with you at once. Please stay where you are if you can."),
        ],
    ),
    "call_still_looking": Template(
        text=_("We are still calling people for you. We do not stop until somebody comes."),
        say=[_("We are still calling people for you. We do not stop until somebody comes.")],
    ),
    "call_ask_contact": Template(
        text=_(
            "%(who)s called for help at %(time)s. Reply 1 if you are going there now, 2 if you "
            "cannot, 3 to stay informed."
        ),
        say=[_("This is the care centre. %(who)s called for help at %(time)s.")],
        ask=_KEYS,
    ),
    "call_ask_caregiver": Template(
        text=_(
            "Call for help near you, %(time)s. See the app. Reply 1 if you are going now, 2 if "
            "you cannot."
        ),
        say=[_("This is the care centre. %(who)s, near you, called for help at %(time)s.")],
        ask=_KEYS,
    ),
    "call_ask_duty": Template(
        text=_("A call for help of %(time)s has not been taken at the desk. Reply 1 to take it."),
        say=[_("A call for help of %(time)s has not been taken at the desk.")],
        ask=[_("To take it, press 1."), _("To hear this again, press star.")],
    ),
    "board_unwatched": Template(
        text=_("Nobody is watching the board of %(area)s. Reply 1 if you are going to the desk."),
        say=[_("Nobody is watching the board of %(area)s.")],
        ask=[_("If you are going to the desk, press 1."), _("To hear this again, press star.")],
    ),
    "call_someone_comes": Template(
        text=_("%(responder)s is coming to you."),
        say=[_("%(responder)s is coming to you.")],
    ),
    "call_someone_comes_in": Template(
        text=_("%(responder)s is coming to you, in about %(minutes)s minutes."),
        say=[_("%(responder)s is coming to you, in about %(minutes)s minutes.")],
    ),
    "call_family_accepted": Template(text=_("%(responder)s is going to %(who)s now.")),
    "call_family_arrived": Template(text=_("%(responder)s is with %(who)s now.")),
    "call_family_helped": Template(text=_("The call of %(who)s is over. Help was given.")),
    "call_family_hospital": Template(
        text=_("%(who)s is being taken to hospital. The care centre will call you.")
    ),
    "call_family_false_alarm": Template(
        text=_("The call of %(who)s was a mistake. Everything is well.")
    ),
    "call_family_duplicate": Template(text=_("The call of %(who)s is looked after already.")),
    "call_family_drill": Template(text=_("The call of %(who)s was a drill. Everything is well.")),
    "call_asked_others": Template(
        text=_("We have not heard that you are there, so we are asking others as well.")
    ),
    "call_close_caregiver": Template(
        text=_(
            "You have been with somebody who called for help for a while. If it is over, please "
            "close the call in the app; if not, stay as long as you are needed."
        )
    ),
    "call_close_contact": Template(
        text=_(
            "You went to %(who)s, who called for help at %(time)s. Please ring the care centre "
            "and say how it ended, so that the call can be closed."
        )
    ),
    "call_thanks_going": Template(
        say=[_("Thank you. We are telling %(who)s that you are coming.")]
    ),
    "call_thanks_far": Template(
        say=[_("Thank you. You are far away, so we go on looking for somebody nearer.")]
    ),
    "call_thanks_cannot": Template(say=[_("Thank you. We are asking somebody else.")]),
    "call_thanks_informed": Template(say=[_("Thank you. We will keep you informed.")]),
    "call_already_taken": Template(say=[_("Thank you. Somebody is already on the way.")]),
    "call_already_over": Template(say=[_("Thank you. The call is already over.")]),
    "call_thanks_taken": Template(say=[_("Thank you. The call is yours. Please open the desk.")]),
    "watch_thanks": Template(say=[_("Thank you. We will not ring you again for now.")]),
    "inbound_rung_back": Template(
        text=_("We have your message. Somebody will ring you back."),
        say=[_("Your call has reached us."), _("Somebody will ring you back.")],
    ),
    "person_connecting": Template(
        say=[_("We are connecting you with a person. Please stay on the line.")]
    ),
    "person_not_there": Template(
        text=_("We have your message. Somebody will ring you back."),
        say=[_("Nobody can speak with you at this moment. Somebody will ring you back.")],
    ),
    "person_whisper": Template(
        say=[_("%(who)s is on the line and wants to speak with a person.")],
        ask=[_("To speak with them, press 1.")],
    ),
    "person_whisper_unknown": Template(
        say=[_("Somebody is on the line and wants to speak with a person.")],
        ask=[_("To speak with them, press 1.")],
    ),
    "call_back_wanted": Template(
        text=_("Somebody rang the care centre and could not be put through. See the desk.")
    ),
    "call_unknown_key": Template(say=[_("That key has no meaning here.")]),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)


def _who(delivery: Delivery) -> dict[str, str]:
    return {"who": delivery.context.get("who", "")}


def answer_to_call(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """What a key means on a question about a call, done in the key's transaction."""
    call = EmergencyCall.objects.get(pk=UUID(delivery.cause.partition(":")[2]))
    if delivery.person.startswith("duty:"):
        return _duty_answer(call, delivery, key, now)
    responder = _responder(delivery)
    if responder is None or key not in {"1", "2", "3"}:
        return Spoken("call_unknown_key", {}, ask_again=True)
    if key == "1":
        return _going(call, responder, delivery, now)
    if call.state == EmergencyCall.State.RESOLVED:
        return Spoken("call_already_over", {})
    decline_call(call, responder=responder, stays_informed=key == "3", now=now)
    return Spoken("call_thanks_informed" if key == "3" else "call_thanks_cannot", {})


def _responder(delivery: Delivery) -> Responder | None:
    kind, _, key = delivery.person.partition(":")
    if kind == "contact":
        contact = Contact.objects.filter(pk=key).first()
        return Responder.of_contact(contact, by_phone=True) if contact else None
    if kind == "caregiver":
        caregiver = Caregiver.objects.filter(pk=key).first()
        return Responder.of_caregiver(caregiver, by_phone=True) if caregiver else None
    return None


def _going(call: EmergencyCall, responder: Responder, delivery: Delivery, now: datetime) -> Spoken:
    try:
        after = accept_call(call, responder=responder, now=now)
    except CallTaken:
        return Spoken("call_already_taken", {})
    except CallClosed:
        return Spoken("call_already_over", {})
    if after.accepted_by != responder.reference:
        return Spoken("call_thanks_far", {})
    return Spoken("call_thanks_going", _who(delivery))


def _duty_answer(call: EmergencyCall, delivery: Delivery, key: str, now: datetime) -> Spoken:
    if key != "1":
        return Spoken("call_unknown_key", {}, ask_again=True)
    try:
        take_call(call, by=delivery.person, name=delivery.person_name, now=now)
    except CallTaken:
        return Spoken("call_already_taken", {})
    except CallClosed:
        return Spoken("call_already_over", {})
    return Spoken("call_thanks_taken", {})


def answer_to_watch(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """A key on "nobody is watching": 1 means somebody goes to the desk."""
    if key != "1":
        return Spoken("call_unknown_key", {}, ask_again=True)
    watching.answer_watch(int(delivery.cause.partition(":")[2]), by=delivery.person, now=now)
    return Spoken("watch_thanks", {})


replies.register("call", answer_to_call)
replies.register("watch", answer_to_watch)
