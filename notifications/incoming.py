"""People who write or ring by themselves: whose number it is, and what they want."""

from dataclasses import dataclass
from datetime import datetime

from backend.core import ledger
from backend.people import phones
from backend.people.errors import BadPhone
from backend.people.models import Dialect, Language
from backend.people.queries import caregiver_by_phone, contact_by_phone, resident_by_phone
from notifications import inbound, templates, words
from notifications.actions import Recipient, owe, reply_by_text
from notifications.actions.suppressing import lift_suppression, suppress
from notifications.inbound import HELP_KEY, Caller
from notifications.models import Channel, Delivery
from notifications.queries import asked_of
from notifications.replies import Spoken
from notifications.senders.twilio.callbacks import Incoming

SOURCE = "twilio"
ASKED_KEYS = "1, 2, 3"


@dataclass(frozen=True)
class Person:
    """Whose number it is, as far as it is known."""

    phone: str
    language: str = Language.ZH
    dialect: str = Dialect.MANDARIN

    @property
    def index(self) -> str:
        """The blind index of the number."""
        return phones.index(self.phone)


def person_of(number: str) -> Person:
    """The language of whoever has this number; Chinese for strangers and withheld numbers."""
    try:
        phone = phones.normalized(number)
    except BadPhone:
        return Person("")
    if resident := resident_by_phone(phone):
        return Person(phone, resident.language, resident.dialect)
    known = contact_by_phone(phone) or caregiver_by_phone(phone)
    return Person(phone, known.language) if known else Person(phone)


def take_call(call: Incoming, person: Person, key: str, *, now: datetime) -> Spoken:
    """Take a call for what its key says, once however often the provider asks."""
    if not ledger.take(SOURCE, call.provider_id, now=now):
        return Spoken("inbound_heard")
    caller = Caller(person.phone, Channel.VOICE, call.provider_id)
    return inbound.answer(caller, key if key == HELP_KEY else "", now)


def take_text(text: Incoming, *, now: datetime) -> None:
    """Take a text for what it says, once, and write back; within a transaction."""
    if not ledger.take(SOURCE, text.provider_id, now=now):
        return
    person = person_of(text.sender)
    if words.wants_stop(text.body):
        suppress(person.index, word=words.plain(text.body), now=now)
        _write_back(person, Spoken("routine_stopped"), text, now)
    elif words.wants_start(text.body):
        lift_suppression(person.index)
        _write_back(person, Spoken("routine_started"), text, now)
    elif words.wants_help(text.body):
        caller = Caller(person.phone, Channel.SMS, text.provider_id, text.body)
        _write_back(person, inbound.answer(caller, HELP_KEY, now), text, now)
    elif spoken := inbound.answer_word(
        Caller(person.phone, Channel.SMS, text.provider_id, text.body), now
    ):
        _write_back(person, spoken, text, now)
    else:
        _take_reply(person, text, now)


def _take_reply(person: Person, text: Incoming, now: datetime) -> None:
    question = asked_of(person.index, now=now) if person.phone else None
    if question is None:
        # Once an hour at most: another machine may be writing to ours.
        once = f"not_read.{now:%Y%m%d%H}"
        _write_back(person, Spoken("texts_not_read"), text, now, step_run=once)
        return
    also = templates.words_of(question.template)
    key = words.key_of(text.body, also=also)
    spoken = reply_by_text(question, key, now=now) if key else None
    if spoken is None or spoken.ask_again:
        keys = ", ".join(sorted(set(also.values()))) or ASKED_KEYS
        spoken = Spoken("reply_not_understood", {"keys": keys})
    _write_back(person, spoken, text, now, question=question)


def _write_back(
    person: Person,
    spoken: Spoken,
    text: Incoming,
    now: datetime,
    *,
    step_run: str = "",
    question: Delivery | None = None,
) -> None:
    if not person.phone:
        return
    to = Recipient(f"phone:{person.index}", "", person.phone, person.language, person.dialect)
    if question is not None:
        to = Recipient(question.person, question.person_name, person.phone, question.language)
    owe(
        cause=question.cause if question else f"text:{person.index}",
        step_run=step_run or f"reply.{text.provider_id}",
        to=to,
        channel=Channel.SMS,
        template=spoken.template,
        context=dict(spoken.context),
        asks=False,
        priority=question.priority if question else Delivery.Priority.URGENT,
        now=now,
        area_path=question.area_path if question else "",
        resident_id=question.resident_id if question else None,
    )
