"""The doors Twilio comes in by: what to say, which key was pressed, how it went.

Open to everybody and served to nobody without Twilio's signature. Every answer to a call is
well-formed TwiML, also when the matter is over.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from backend.accounts.doors import open_page
from backend.core import clock, problems
from backend.core.errors import DomainError, Invalid, NotAllowed, NotFound
from backend.core.loops import RETRY_S
from backend.core.rows import one_or_none
from notifications import policies, templates
from notifications.actions import reply_by_key, report_status
from notifications.models import Attempt, Delivery
from notifications.replies import Spoken
from notifications.senders.states import AttemptState
from notifications.senders.twilio import callbacks, twiml
from notifications.senders.twilio.callbacks import MalformedCallback
from notifications.senders.twilio.signature import SIGNATURE_HEADER, is_genuine

GATHER = "/hooks/v1/twilio/gather"
ASKED_MAX = 5
ASKED_IN_SILENCE_MAX = 2
"""Silence twice is a machine, or somebody who has put the receiver down."""
REPEAT_KEY = "*"
PATIENCE_S = 10.0
"""Twilio waits for 15 s. Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides."""

Form = Mapping[str, str]
Hook = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)


def hook(view: Hook) -> Hook:
    """A door for Twilio's signed posts; the view gets the form and what stands in the path.

    NUL, which PostgreSQL keeps in no text, is left out: a call is heard whatever else it brings.
    """

    @csrf_exempt
    @open_page("Twilio has no account here; its signature is always checked")
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest, **path: UUID) -> HttpResponse:
        try:
            _require_signature(request)
            form = {name: str(said).replace("\x00", "") for name, said in request.POST.items()}
            return _patiently(lambda: view(request, form, **path))
        except MalformedCallback as error:
            return problems.response(Invalid(field=str(error)))
        except DomainError as error:
            return problems.response(error)

    return checked


def _patiently(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer, waiting for a database that restarts: a key that was pressed is not pressed again.

    Answering twice changes nothing, so what broke off may simply be begun anew.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return answer()
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(RETRY_S)


def _require_signature(request: HttpRequest) -> None:
    genuine = bool(settings.ENV.twilio_auth_token) and is_genuine(
        auth_token=settings.ENV.twilio_auth_token,
        public_url=settings.ENV.public_url,
        path=request.get_full_path(),
        form=request.POST,
        signature=request.headers.get(SIGNATURE_HEADER),
    )
    if not genuine:
        logger.warning("a callback without Twilio's signature was refused")
        raise NotAllowed


@hook
def voice(_request: HttpRequest, form: Form, attempt: UUID) -> HttpResponse:
    """Somebody answered: what is said to them."""
    answered = _attempt(attempt)
    provider_id = callbacks.read_keys(form).provider_id
    now = clock.now()
    is_over = policies.is_played_again(answered, now=now)
    report_status(answered, AttemptState.ANSWERED, now=now, provider_id=provider_id)
    delivery = Delivery.objects.get(pk=answered.delivery_id)
    if is_over or delivery.state in policies.OVER:
        return _goodbye(delivery, Spoken("not_needed"))
    return _say_all(answered, delivery, asked=1)


@hook
def gather(request: HttpRequest, form: Form, attempt: UUID) -> HttpResponse:
    """A key was pressed after the question, or none."""
    answered = _attempt(attempt)
    delivery = answered.delivery
    pressed = callbacks.read_keys(form)
    asked = asked_times(request)
    if policies.is_played_again(answered, now=clock.now()):
        return _goodbye(delivery, Spoken("no_key_heard"))
    if not pressed.digits and asked >= ASKED_IN_SILENCE_MAX:
        return _goodbye(delivery, Spoken("no_key_heard"))
    if not pressed.digits or pressed.digits == REPEAT_KEY:
        return _say_all(answered, delivery, asked=asked + 1)
    try:
        spoken = reply_by_key(
            answered, pressed.digits[:1], now=clock.now(), provider_id=pressed.provider_id
        )
    except DomainError:
        logger.exception("a key could not be taken down")
        spoken = Spoken("reply_refused")
    if spoken.ask_again:
        return _ask_again(answered, delivery, spoken, asked=asked + 1)
    return _goodbye(delivery, spoken)


@hook
def call_status(_request: HttpRequest, form: Form, attempt: UUID) -> HttpResponse:
    """How a call goes on."""
    return _report(_alone(attempt), callbacks.read_call_status(form), now=clock.now())


@hook
def message_status(_request: HttpRequest, form: Form, attempt: UUID) -> HttpResponse:
    """How a text goes on."""
    return _report(_alone(attempt), callbacks.read_message_status(form), now=clock.now())


def _attempt(attempt_id: UUID) -> Attempt:
    return _known(attempt_id, Attempt.objects.select_related("delivery"))


def _alone(attempt_id: UUID) -> Attempt:
    """An attempt without its delivery: most reports say nothing new of it."""
    return _known(attempt_id, Attempt.objects.all())


def _known(attempt_id: UUID, attempts: QuerySet[Attempt]) -> Attempt:
    found = one_or_none(attempts.filter(pk=attempt_id))
    if found is None:
        raise NotFound
    return found


def asked_times(request: HttpRequest) -> int:
    """How often the question was asked in this call; it goes round in our own address."""
    asked = request.GET.get("asked", "")
    return int(asked) if asked.isdecimal() else 0


def _report(attempt: Attempt, report: callbacks.StatusReport, *, now: datetime) -> HttpResponse:
    report_status(
        attempt, report.state, now=now, provider_id=report.provider_id, error=report.error
    )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _say_all(attempt: Attempt, delivery: Delivery, *, asked: int) -> HttpResponse:
    speech = templates.render_speech(delivery)
    return _ask(attempt, delivery, [*speech.sentences, *speech.ask], asked=asked)


def _ask_again(attempt: Attempt, delivery: Delivery, spoken: Spoken, *, asked: int) -> HttpResponse:
    sentences = templates.render_spoken(spoken, language=delivery.language)
    question = templates.render_speech(delivery).ask
    return _ask(attempt, delivery, [*sentences, *question], asked=asked)


def _ask(attempt: Attempt, delivery: Delivery, sentences: list[str], *, asked: int) -> HttpResponse:
    """Say the sentences and, as long as there is a question, listen."""
    voice_ = twiml.voice_for(delivery.language, delivery.dialect)
    if not delivery.asks or asked > ASKED_MAX:
        return as_twiml(twiml.say_goodbye(sentences=sentences, voice=voice_))
    action_url = f"{GATHER}/{attempt.pk}?asked={asked}"
    return as_twiml(twiml.ask(sentences=sentences, voice=voice_, action_url=action_url))


def _goodbye(delivery: Delivery, spoken: Spoken) -> HttpResponse:
    sentences = templates.render_spoken(spoken, language=delivery.language)
    voice_ = twiml.voice_for(delivery.language, delivery.dialect)
    return as_twiml(twiml.say_goodbye(sentences=sentences, voice=voice_))


def as_twiml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")
