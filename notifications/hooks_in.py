"""The doors Twilio comes in by when somebody rings or writes to us, or is put through.

The menu is said in the order of its keys, help first; a key counts at once, while it is said.
"""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from backend.core import clock
from backend.core.errors import NotFound
from notifications import actions, inbound, incoming, templates, words
from notifications.hooks import ASKED_IN_SILENCE_MAX, Form, as_twiml, asked_times, hook
from notifications.inbound import Asking
from notifications.incoming import Person
from notifications.models import Bridge, BridgeLine, CallIn
from notifications.replies import Spoken
from notifications.senders.states import FINAL
from notifications.senders.twilio import callbacks, twiml

INBOUND_VOICE = "/hooks/v1/twilio/inbound-voice"
BRIDGE_LINE = "/hooks/v1/twilio/bridge-line"
BRIDGE_ENDED = "/hooks/v1/twilio/bridge-ended"
TAKE_KEY = "1"
KEYS_MAX = 60
"""Keys in one conversation; more is a machine, or nobody."""


@hook
def inbound_voice(request: HttpRequest, form: Form) -> HttpResponse:
    """Somebody rings us: the menu is said, once more where no key of it was pressed.

    Who then still says nothing is rung back: silence is not taken for "all is well".
    """
    call = callbacks.read_incoming_call(form)
    person = incoming.person_of(call.sender)
    rings = incoming.inbound_call(call, person, now=clock.now())
    asked = asked_times(request)
    pressed = words.plain(form.get("Digits", ""))[:1]
    if (before := _keys_before(request)) and pressed != inbound.HELP_KEY:
        return _go_on_asking(rings, person, before, pressed, asked=asked)
    if inbound.means_something(pressed):
        return _follow(rings, person, pressed)
    if asked >= ASKED_IN_SILENCE_MAX:
        return _follow(rings, person, "")
    actions.begin_call(rings, now=clock.now())
    first = Spoken("inbound_unknown_key") if form.get("Digits") else incoming.greeting(person)
    said = _said(first, person.language) if form.get("Digits") or not asked else []
    return _ask(person, [*said, *incoming.menu(person.language)], asked=asked + 1)


def _keys_before(request: HttpRequest) -> str:
    """What was pressed in this call where a choice is asking; "" in the menu."""
    keys = request.GET.get("keys", "")
    return keys if keys.isascii() and keys.isdigit() and len(keys) <= KEYS_MAX else ""


def _go_on_asking(
    rings: CallIn, person: Person, before: str, pressed: str, *, asked: int
) -> HttpResponse:
    """The next key of a choice that is asking; who says nothing hears the question once more."""
    if (not pressed and asked >= ASKED_IN_SILENCE_MAX) or len(before) >= KEYS_MAX:
        return _goodbye(person, Spoken("inbound_goodbye"))
    return _follow(rings, person, before + pressed, asked=0 if pressed else asked)


def _follow(rings: CallIn, person: Person, key: str, *, asked: int = 0) -> HttpResponse:
    answer = actions.take_key(rings, key, now=clock.now())
    if isinstance(answer, Bridge):
        return _put_through(answer, person, first=True)
    if isinstance(answer, Asking):
        before = _said(answer.before, person.language) if answer.before else []
        sentences = [*before, *_said(answer.said, person.language)]
        return _ask(person, sentences, asked=asked + 1, keys=key)
    return _goodbye(person, answer)


def _put_through(bridge: Bridge, person: Person, *, first: bool) -> HttpResponse:
    """Ring those who may take the caller; where nobody is left to be rung, say so."""
    now = clock.now()
    lines = actions.lines_to_ring(bridge, now=now)
    if not lines:
        return _not_taken(bridge, person)
    said = _said(actions.words_of(bridge, "said"), person.language) if first else []
    return as_twiml(
        twiml.connect(
            sentences=said,
            voice=_voice(person),
            numbers={line.phone: f"{BRIDGE_LINE}/{line.pk}" for line in lines},
            action_url=f"{BRIDGE_ENDED}/{bridge.pk}",
            timeout_s=int((bridge.until_at - now).total_seconds()),
        )
    )


def _not_taken(bridge: Bridge, person: Person) -> HttpResponse:
    """Nobody took the caller: they hear what follows, and help is still one key away."""
    bridge.refresh_from_db()
    if bridge.taken_at is not None:
        return _goodbye(person, Spoken("inbound_goodbye"))
    actions.miss(bridge, now=clock.now())
    said = _said(actions.words_of(bridge, "unanswered"), person.language)
    help_only = incoming.menu(person.language)[:1]
    return _ask(person, [*said, *help_only], asked=ASKED_IN_SILENCE_MAX)


@hook
def bridge_line(request: HttpRequest, form: Form, line: UUID) -> HttpResponse:
    """A telephone that is rung for a caller was taken up: a person says so by a key."""
    rung = BridgeLine.objects.select_related("bridge").filter(pk=line).first()
    if rung is None:
        raise NotFound
    actions.pick_up(rung, now=clock.now())
    digits = callbacks.read_keys(form).digits
    voice = twiml.voice_for(rung.language)
    if words.plain(digits) == TAKE_KEY:
        if actions.take_bridge(rung, now=clock.now()):
            return as_twiml(twiml.go_on())
        late = _said(Spoken("bridge_too_late"), rung.language)
        return as_twiml(twiml.say_goodbye(sentences=late, voice=voice))
    asked = asked_times(request)
    if asked and not digits:
        return as_twiml(twiml.hang_up())
    if asked >= ASKED_IN_SILENCE_MAX:
        return as_twiml(twiml.hang_up())
    whisper = templates.render_spoken(
        actions.words_of(rung.bridge, "whisper"), language=rung.language, with_question=True
    )
    action_url = f"{BRIDGE_LINE}/{rung.pk}?asked={asked + 1}"
    return as_twiml(twiml.ask(sentences=whisper, voice=voice, action_url=action_url))


@hook
def bridge_ended(_request: HttpRequest, form: Form, bridge: UUID) -> HttpResponse:
    """Nobody took the caller, or they have spoken and one has hung up."""
    ended = callbacks.read_dial_ended(form)
    opened = Bridge.objects.select_related("inbound").filter(pk=bridge).first()
    if opened is None:
        raise NotFound
    person = incoming.person_of(opened.inbound.phone)
    if opened.taken_at is None:
        return _put_through(opened, person, first=False)
    actions.end_bridge(opened, spoke_s=ended.spoke_s, now=clock.now())
    return _goodbye(person, Spoken("inbound_goodbye"))


@hook
def inbound_status(_request: HttpRequest, form: Form) -> HttpResponse:
    """Somebody who rang us has hung up: who pressed nothing is rung back."""
    report = callbacks.read_call_status(form)
    call = CallIn.objects.filter(provider_id=report.provider_id).first()
    if call is not None and report.state in FINAL:
        actions.end_call(call, now=clock.now())
    return HttpResponse(status=204)


@hook
def inbound_sms(_request: HttpRequest, form: Form) -> HttpResponse:
    """Somebody wrote: an answer to a question, or a word of their own."""
    text = callbacks.read_incoming_text(form)
    with transaction.atomic():
        incoming.take_text(text, now=clock.now())
    return as_twiml(twiml.no_reply())


def _ask(person: Person, sentences: list[str], *, asked: int, keys: str = "") -> HttpResponse:
    action_url = f"{INBOUND_VOICE}?asked={asked}" + (f"&keys={keys}" if keys else "")
    return as_twiml(twiml.ask(sentences=sentences, voice=_voice(person), action_url=action_url))


def _goodbye(person: Person, spoken: Spoken) -> HttpResponse:
    sentences = _said(spoken, person.language)
    return as_twiml(twiml.say_goodbye(sentences=sentences, voice=_voice(person)))


def _said(spoken: Spoken, language: str) -> list[str]:
    return templates.render_spoken(spoken, language=language)


def _voice(person: Person) -> twiml.Voice:
    return twiml.voice_for(person.language, person.dialect)
