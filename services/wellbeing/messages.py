"""What is said of reminders and to the silent, and what the keys pressed in answer mean.

The person hears what they asked to be reminded of; others read who, when, and nothing of health.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.people.models import Caregiver, Consent, Contact
from notifications import replies, templates
from notifications.models import Channel, Delivery
from notifications.replies import Spoken
from notifications.templates import Template
from services.alerts.actions import acknowledge_alert
from services.alerts.errors import AlertClosed
from services.wellbeing.actions.answering import (
    Answerer,
    answer_occurrence,
    hurry,
    look_after,
    put_off,
)
from services.wellbeing.actions.okdays import answer_ok, want_person
from services.wellbeing.models import Asked, Occurrence, OkDay, Way

DONE, LATER, PERSON = "1", "2", "0"
CAREGIVER_GOES = timedelta(hours=2)
"""Our choice: who said that they go has so long before the desk is rung."""

_WORDS = {
    **dict.fromkeys(
        ["吃了", "吃过了", "已经吃了", "吃好了", "好了", "好的", "知道了", "收到", "done", "taken"],
        DONE,
    ),
    **dict.fromkeys(
        ["等会", "等一会", "等会儿", "过会儿", "还没", "还没有", "没吃", "later"], LATER
    ),
    **dict.fromkeys(["0", "零", "人工", "找人", "要人"], PERSON),
    **dict.fromkeys(["1", "一"], DONE),
    **dict.fromkeys(["2", "二"], LATER),
}
_OK_WORDS = {
    **dict.fromkeys(["1", "一", "9", "好", "很好", "我很好", "都好", "平安", "没事", "ok"], DONE),
    **dict.fromkeys(["0", "零", "人工", "找人", "要人", "不好"], PERSON),
}
_GO_WORDS = dict.fromkeys(["1", "一"], "1") | dict.fromkeys(["2", "二"], "2")

_PERSON_KEYS = [
    _("To hear it later, press 2."),
    _("To speak with somebody, press 0."),
    _("To hear this again, press star."),
]
_MEDICINE_KEYS = [_("When you have taken it, press 1."), *_PERSON_KEYS]
_KNOWN_KEYS = [_("If you know, press 1."), *_PERSON_KEYS]
_DONE_KEYS = [_("When it is done, press 1."), *_PERSON_KEYS]
_GOES_KEYS = [
    _("If you can look after them, press 1."),
    _("If you cannot, press 2."),
    _("To hear this again, press star."),
]

_TEMPLATES = {
    "reminder_ask_medicine": Template(
        text=_(
            "%(when)s, time for your medicine: %(secret)s. Reply 1 when taken, 2 for later, 0 to "
            "speak with somebody."
        ),
        say=[
            _("This is the care centre. %(when)s, it is time for your medicine."),
            "%(secret)s",
        ],
        ask=_MEDICINE_KEYS,
        words=_WORDS,
    ),
    "reminder_again_medicine": Template(
        text=_(
            "Message %(number)s today. %(when)s, time for your medicine: %(secret)s. Reply 1 when "
            "taken, 2 for later, 0 to speak with somebody."
        ),
        say=[
            _("This is the care centre. %(when)s, it is time for your medicine."),
            "%(secret)s",
        ],
        ask=_MEDICINE_KEYS,
        words=_WORDS,
    ),
    "reminder_ask_appointment": Template(
        text=_(
            "You have an appointment, %(when)s: %(secret)s. Reply 1 if you know, 2 for later, 0 "
            "to speak with somebody."
        ),
        say=[_("This is the care centre. You have an appointment, %(when)s."), "%(secret)s"],
        ask=_KNOWN_KEYS,
        words=_WORDS,
    ),
    "reminder_again_appointment": Template(
        text=_(
            "Message %(number)s today. You have an appointment, %(when)s: %(secret)s. Reply 1 if "
            "you know, 2 for later, 0 to speak with somebody."
        ),
        say=[_("This is the care centre. You have an appointment, %(when)s."), "%(secret)s"],
        ask=_KNOWN_KEYS,
        words=_WORDS,
    ),
    "reminder_ask_other": Template(
        text=_(
            "%(when)s, a reminder: %(secret)s. Reply 1 when it is done, 2 for later, 0 to speak "
            "with somebody."
        ),
        say=[_("This is the care centre. %(when)s, a reminder for you."), "%(secret)s"],
        ask=_DONE_KEYS,
        words=_WORDS,
    ),
    "reminder_again_other": Template(
        text=_(
            "Message %(number)s today. %(when)s, a reminder: %(secret)s. Reply 1 when it is done, "
            "2 for later, 0 to speak with somebody."
        ),
        say=[_("This is the care centre. %(when)s, a reminder for you."), "%(secret)s"],
        ask=_DONE_KEYS,
        words=_WORDS,
    ),
    "reminder_family": Template(
        text=_(
            "%(who)s has not answered the reminder of %(when)s. Reply 1 if you can look after "
            "them now, 2 if you cannot."
        ),
        say=[
            _("This is the care centre. %(who)s has not answered the reminder of %(when)s."),
            _("Please ring them or look in."),
        ],
        ask=_GOES_KEYS,
        words=_GO_WORDS,
        shared=Consent.Item.WELLBEING,
    ),
    "reminder_family_not_done": Template(
        text=_("%(who)s has answered: what was to be done at %(when)s is not done yet."),
        shared=Consent.Item.WELLBEING,
    ),
    "ok_ask": Template(
        text=_("%(when)s. Are you well? Reply 1 if all is well, 0 to speak with somebody."),
        say=[_("This is the care centre. We ask how you are today.")],
        ask=[
            _("If all is well, press 1."),
            _("To speak with somebody, press 0."),
            _("To hear this again, press star."),
        ],
        words=_OK_WORDS,
    ),
    "ok_family": Template(
        text=_(
            "%(who)s has not said today that all is well; it was due %(when)s. Reply 1 if you can "
            "look after them now, 2 if you cannot."
        ),
        say=[
            _("This is the care centre. %(who)s has not said today that all is well."),
            _("Please ring them or look in."),
        ],
        ask=_GOES_KEYS,
        words=_GO_WORDS,
        shared=Consent.Item.WELLBEING,
    ),
    "wellbeing_caregiver": Template(
        text=_(
            "%(who)s, near you, does not answer since %(when)s. See the app. Reply 1 if you look "
            "in, 2 if you cannot."
        ),
        say=[_("This is the care centre. %(who)s, near you, does not answer since %(when)s.")],
        ask=[
            _("If you look in, press 1."),
            _("If you cannot, press 2."),
            _("To hear this again, press star."),
        ],
        words=_GO_WORDS,
    ),
    "welfare_overdue": Template(
        text=_(
            "As of %(hour)s, residents not heard of in time who have come to you: %(count)s. They "
            "stand on the desk under nobody forgotten."
        )
    ),
    "reminder_thanks_done": Template(say=[_("Thank you. We have noted it.")]),
    "reminder_thanks_later": Template(say=[_("All right. We will remind you again later.")]),
    "reminder_not_done": Template(say=[_("All right. We have noted that it is not done yet.")]),
    "wellbeing_person": Template(say=[_("All right. Somebody will ring you at once.")]),
    "ok_thanks": Template(say=[_("Thank you. We are glad that you are well.")]),
    "ok_unknown_caller": Template(
        say=[_("We do not know this number. Please tell us your name when somebody rings you.")]
    ),
    "wellbeing_thanks_look": Template(say=[_("Thank you for looking after %(who)s.")]),
    "wellbeing_thanks_cannot": Template(say=[_("Thank you. We are asking somebody else.")]),
    "wellbeing_over": Template(say=[_("Thank you. This has been looked after.")]),
    "wellbeing_unknown_key": Template(say=[_("That key has no meaning here.")]),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)


def answer_to_reminder(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """What a key means on a reminder, done in the key's transaction."""
    row = Occurrence.objects.filter(pk=_key(delivery)).first()
    if row is None:
        return Spoken("wellbeing_over")
    if delivery.person != f"resident:{row.resident_id}":
        return _answer_of_others(row, delivery, key, now)
    who = _person(delivery)
    if key == DONE:
        answer_occurrence(row, state=Occurrence.State.DONE, who=who, now=now)
        return Spoken("reminder_thanks_done")
    if key == LATER:
        after = put_off(row, who=who, now=now)
        again = after.state == Occurrence.State.ASKED
        return Spoken("reminder_thanks_later" if again else "reminder_not_done")
    if key == PERSON:
        answer_occurrence(row, state=Occurrence.State.PERSON_WANTED, who=who, now=now)
        return Spoken("wellbeing_person")
    return Spoken("wellbeing_unknown_key", {}, ask_again=True)


def answer_to_ok(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """What a key means on "are you well"."""
    row = OkDay.objects.select_related("resident__area").filter(pk=_key(delivery)).first()
    if row is None:
        return Spoken("wellbeing_over")
    if delivery.person != f"resident:{row.resident_id}":
        return _answer_of_others(row, delivery, key, now)
    who = _person(delivery)
    if key in {DONE, "9"}:
        answer_ok(row, who=who, now=now)
        return Spoken("ok_thanks")
    if key == PERSON:
        want_person(row, who=who, now=now)
        return Spoken("wellbeing_person")
    return Spoken("wellbeing_unknown_key", {}, ask_again=True)


def _answer_of_others(row: Asked, delivery: Delivery, key: str, now: datetime) -> Spoken:
    if key not in {"1", "2"}:
        return Spoken("wellbeing_unknown_key", {}, ask_again=True)
    if row.closed_at is not None:
        return Spoken("wellbeing_over")
    if key == "2":
        hurry(row, now=now)
        return Spoken("wellbeing_thanks_cannot")
    kind, _, pk = delivery.person.partition(":")
    if kind == "contact" and Contact.objects.filter(pk=pk).exists():
        who = Answerer(delivery.person, delivery.person_name, _way(delivery))
        look_after(row, who=who, now=now)
    elif kind == "caregiver" and Caregiver.objects.filter(pk=pk).exists():
        _caregiver_goes(row, delivery, now)
    return Spoken("wellbeing_thanks_look", {"who": delivery.context.get("who", "")})


def _caregiver_goes(row: Asked, delivery: Delivery, now: datetime) -> None:
    """The alert is theirs until they close it; the desk is rung if that takes too long."""
    hurry(row, in_time=CAREGIVER_GOES, now=now)
    if row.alert is None:
        return
    try:
        acknowledge_alert(row.alert, by=delivery.person, now=now)
    except AlertClosed:
        return


def _person(delivery: Delivery) -> Answerer:
    return Answerer(delivery.person, delivery.person_name, _way(delivery), is_person=True)


def _way(delivery: Delivery) -> Way:
    return Way.KEY if delivery.channel == Channel.VOICE else Way.TEXT


def _key(delivery: Delivery) -> UUID:
    return UUID(delivery.cause.partition(":")[2])


replies.register("reminder-time", answer_to_reminder)
replies.register("ok-day", answer_to_ok)
