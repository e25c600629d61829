"""The desk's words for what called, and what to say and to ask then."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backend.people.models import Resident
from services.emergencies.models import EmergencyCall
from services.emergencies.policies import Target

Kind = EmergencyCall.Kind
Words = str | Promise

METRICS: dict[str, Words] = {
    "sos": _("Help button"),
    "press": _("Service button"),
    "fall": _("Fall"),
    "smoke": _("Smoke"),
    "gas": _("Gas"),
    "water": _("Water on the floor"),
    "inactivity": _("No movement"),
    "motion": _("Motion sensor"),
    "door": _("Door sensor"),
    "bed": _("Bed sensor"),
    "phone": _("Phone call"),
    "voice": _("Phone call"),
    "no_answer": _("Does not answer"),
    "welfare": _("Welfare visit"),
}

TARGETS: dict[str, Words] = {
    Target.OPERATORS: _("the desk"),
    Target.RESIDENT: _("the resident"),
    Target.FIRST_CONTACT: _("the first contact"),
    Target.NEXT_CONTACTS: _("the other contacts"),
    Target.NEAREST_CAREGIVER: _("the nearest caregiver"),
    Target.NEXT_CAREGIVERS: _("the next caregivers"),
    Target.GRID_WORKER: _("the grid worker"),
    Target.DUTY_LEAD: _("the duty lead"),
}

PLACE_SOURCES: dict[str, Words] = {
    "home": _("home address"),
    "device": _("position of the device"),
    "claimed": _("as the caller said"),
}

KILOMETRE_M = 1000

BETWEEN = pgettext_lazy("between things in a list", ", ")

_SOS = (
    _("“This is the care centre. You called for help. What has happened?”"),
    _("Ask: Are you hurt? Can you get up? Is anybody with you?"),
    _("No answer, or chest pain, short of breath, speech unclear: have an ambulance called, 120."),
    _("Say who is coming and when, and stay on the line while they are afraid."),
)
_FALL = (
    _("“This is the care centre. Your sensor noticed a fall. Are you lying on the floor?”"),
    _("Ask: Where does it hurt? Did you hit your head? Do you take medicine against clots?"),
    _("“Please do not try to get up alone.” Hip or head hurts: have an ambulance called, 120."),
    _("No answer: send the nearest person with a key at once."),
)
_SMOKE = (
    _("“This is the care centre. Your smoke alarm has gone off. Do you see smoke or fire?”"),
    _("“Leave the flat now and close the door behind you. Do not take the lift.”"),
    _("Smoke, fire or no answer: call the fire brigade, 119, with address and floor."),
    _("Who goes there waits outside until the fire brigade has been in."),
)
_GAS = (
    _("“This is the care centre. Your gas alarm has gone off. Do you smell gas?”"),
    _("“Touch no switch and light no flame. Open the window, go outside and stay there.”"),
    _("Smell of gas, dizziness or no answer: call 119 and 120."),
    _("Who goes there uses no bell and no lift, and keeps the phone outside."),
)
_UNVERIFIED = (
    _("We do not know who sent this. Treat it as true until you have spoken with somebody."),
    _("Ask: Who are you? Where exactly are you? What has happened?"),
    _("If a person and a place are known, ask somebody near to go and look."),
    _("Nobody can be reached and the place is known: ask the grid worker to look."),
)
_SERVICE = (
    _("“This is the care centre. What can we do for you?”"),
    _("Write down what is wanted, for when, and on which number to ring back."),
    _("If they are unwell or afraid, treat it as a call for help."),
)
_OTHER = (
    _("“This is the care centre. Something in your home has alarmed us. Are you well?”"),
    _("Ask: Has anything happened? Are you alone? Do you need somebody to come?"),
    _("No answer: ask the nearest person to go and look."),
)
_SCRIPTS: dict[str, Sequence[Words]] = {
    "sos": _SOS,
    "fall": _FALL,
    "smoke": _SMOKE,
    "gas": _GAS,
    "phone": _SOS,
    "voice": _SOS,
}


def listed(words: Iterable[Words]) -> str:
    """Things one after the other."""
    return str(BETWEEN).join(str(word) for word in words)


def living_words(living: Iterable[str]) -> str:
    """Living situations in words."""
    known = dict(Resident.Living.choices)
    return listed(known.get(each, each) for each in living)


def sex_word(resident: Resident) -> str:
    """Male or female; "" where it is not known."""
    known = resident.sex != Resident.Sex.UNKNOWN
    return str(resident.get_sex_display()) if known else ""


def titled(name: str, age_years: int | None, sex: str = "") -> str:
    """A name with what is known of age and sex."""
    known = {"name": name, "age": age_years, "sex": sex}
    match (age_years is not None, bool(sex)):
        case (True, True):
            return gettext("%(name)s, %(age)s, %(sex)s") % known
        case (True, False):
            return gettext("%(name)s, %(age)s") % known
        case (False, True):
            return gettext("%(name)s, %(sex)s") % known
    return name


def distance_words(distance_m: float) -> str:
    """How far it is as the crow flies."""
    if distance_m < KILOMETRE_M:
        return gettext("%(metres)s\u00a0m") % {"metres": int(round(distance_m, -1))}
    return gettext("%(kilometres)s\u00a0km") % {"kilometres": f"{distance_m / KILOMETRE_M:.1f}"}


def metric_word(metric: str) -> str:
    """What called, for people."""
    return str(METRICS.get(metric, _("Alarm")))


def script_for(call: EmergencyCall) -> Sequence[Words]:
    """What to say and ask, in this order."""
    if call.kind != Kind.EMERGENCY:
        return _SERVICE
    if not call.verified:
        return _UNVERIFIED
    return _SCRIPTS.get(call.source_metric, _OTHER)
