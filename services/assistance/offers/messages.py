"""What people are asked and told of benefits, and what their keys mean."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from notifications import replies, templates
from notifications.models import Channel, Delivery
from notifications.replies import Spoken
from notifications.templates import Template
from services.assistance.models import BenefitOffer
from services.assistance.offers.actions import Answerer, answer_offer, ask_for_person
from services.assistance.offers.errors import AnsweredAlready, NothingToAnswer, NotYours

TAKE, LEAVE, PERSON = "1", "2", "0"
State, Via = BenefitOffer.State, BenefitOffer.Via

_KEYS = [
    _("If you want it, press 1."),
    _("If you do not want it, press 2."),
    _("To speak with a person first, press 0."),
    _("To hear this again, press star."),
]

_TEMPLATES = {
    "benefit_offer": Template(
        text=_(
            "You can get the %(benefit)s, %(amount)s a month, without an application. Reply 1 to "
            "take it, 2 if you do not want it, 0 to speak with a person. It costs nothing; we "
            "never ask for a password."
        ),
        say=[
            _("This is the care centre."),
            _("You can get the %(benefit)s, %(amount)s a month."),
            _("You need not apply, and it costs nothing."),
        ],
        ask=_KEYS,
    ),
    "benefit_offer_guardian": Template(
        text=_(
            "%(who)s can get the %(benefit)s, %(amount)s a month, without an application. You "
            "decide for them: reply 1 to take it, 2 if not, 0 to speak with a person."
        ),
        say=[
            _("This is the care centre."),
            _("%(who)s, for whom you decide, can get the %(benefit)s, %(amount)s a month."),
            _("Nobody need apply, and it costs nothing."),
        ],
        ask=_KEYS,
    ),
    "benefit_told": Template(
        text=_(
            "By what we know you may get the %(benefit)s. It needs an application; we help you "
            "with it. Ring us or come to your street office."
        )
    ),
    "benefit_told_guardian": Template(
        text=_(
            "By what we know %(who)s may get the %(benefit)s. It needs an application; we help "
            "you with it. Ring us or come to the street office."
        )
    ),
    "benefit_auto": Template(
        text=_(
            "You get the %(benefit)s, %(amount)s a month, without an application. Our officers "
            "look at the account; then we write to you again."
        )
    ),
    "benefit_auto_guardian": Template(
        text=_(
            "%(who)s gets the %(benefit)s, %(amount)s a month, without an application. Our "
            "officers look at the account; then we write to you again."
        )
    ),
    "benefit_in_force": Template(
        text=_("Your %(benefit)s is confirmed: %(amount)s a month from %(month)s on.")
    ),
    "benefit_in_force_guardian": Template(
        text=_("The %(benefit)s of %(who)s is confirmed: %(amount)s a month from %(month)s on.")
    ),
    "benefit_taken": Template(
        say=[
            _("Thank you. We write it down."),
            _("Two of our officers look at it; then we tell you from which month it is paid."),
        ]
    ),
    "benefit_left": Template(
        say=[_("Thank you. We do not ask again. If you change your mind, ring us.")]
    ),
    "benefit_person": Template(say=[_("Thank you. Somebody will ring you about it.")]),
    "benefit_taken_before": Template(
        say=[_("You have taken it already. If something is wrong, somebody will ring you.")]
    ),
    "benefit_not_yours": Template(
        say=[_("Only the person themselves or their guardian can answer this. Thank you.")]
    ),
    "benefit_over": Template(say=[_("Thank you. There is nothing to answer here any more.")]),
    "benefit_unknown_key": Template(say=[_("That key has no meaning here.")]),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, _template)


def answer_to_offer(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """1 takes it, 2 declines it, 0 asks for a person; done in the key's transaction."""
    offer = BenefitOffer.objects.filter(pk=UUID(delivery.cause.partition(":")[2])).first()
    if offer is None or key not in {TAKE, LEAVE, PERSON}:
        return Spoken("benefit_unknown_key", {}, ask_again=offer is not None)
    by = Answerer(delivery.person, Via.TEXT if delivery.channel == Channel.SMS else Via.PHONE)
    try:
        return Spoken(_meant(offer, key, by, now))
    except NotYours:
        return Spoken("benefit_not_yours")
    except NothingToAnswer:
        return Spoken("benefit_over")
    except AnsweredAlready:
        ask_for_person(offer, by=by, now=now)
        return Spoken("benefit_taken_before")


def _meant(offer: BenefitOffer, key: str, by: Answerer, now: datetime) -> str:
    if key == PERSON:
        ask_for_person(offer, by=by, now=now)
        return "benefit_person"
    after = answer_offer(offer, takes=key == TAKE, by=by, now=now)
    if key == LEAVE:
        return "benefit_left"
    return "benefit_taken" if after.state == State.ACCEPTED else "benefit_person"


replies.register("offer", answer_to_offer)
