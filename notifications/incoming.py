"""People who write or ring by themselves: whose number it is, and what they want."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from backend.core import ledger
from backend.core.contained import contained
from backend.people import phones
from backend.people.errors import BadPhone
from backend.people.models import Dialect, Language
from backend.people.names import short_name
from backend.people.queries import caregiver_by_phone, contact_by_phone, resident_by_phone
from backend.places.queries import district_path
from notifications import inbound, templates, words
from notifications.actions import Recipient, mean, owe, reply_by_text
from notifications.actions.suppressing import lift_suppression, suppress
from notifications.inbound import HELP_KEY, Asking, Caller, Connection
from notifications.models import CallIn, Channel, Delivery
from notifications.queries import asked_of
from notifications.replies import Spoken
from notifications.senders.twilio.callbacks import Incoming

SOURCE = f"{ledger.SIGNED}twilio"
ASKED_KEYS = "1, 2, 3"
HELP_ASK = gettext_noop("If you need help, press 1.")


@dataclass(frozen=True)
class Person:
    """Whose number it is, as far as it is known."""

    phone: str
    language: str = Language.ZH
    dialect: str = Dialect.MANDARIN
    reference: str = ""
    name: str = ""
    called: str = ""
    """By what they are greeted: 陈女士; "" for who is not greeted by name."""
    resident_id: UUID | None = None
    area_path: str = ""

    @property
    def index(self) -> str:
        """The blind index of the number."""
        return phones.index(self.phone)


def person_of(number: str) -> Person:
    """Whoever has this number, in their language; Chinese for strangers and withheld numbers."""
    try:
        phone = phones.normalized(number)
    except BadPhone:
        return Person("")
    return _known_with(phone)


def _known_with(phone: str) -> Person:
    if resident := resident_by_phone(phone):
        return Person(
            phone,
            resident.language,
            resident.dialect,
            reference=f"resident:{resident.pk}",
            name=resident.name,
            called=short_name(resident, resident.language),
            resident_id=resident.pk,
            area_path=resident.area.path,
        )
    if contact := contact_by_phone(phone):
        return Person(
            phone,
            contact.language,
            reference=f"contact:{contact.pk}",
            name=contact.name,
            resident_id=contact.resident_id,
            area_path=contact.resident.area.path,
        )
    if caregiver := caregiver_by_phone(phone):
        return Person(
            phone,
            caregiver.language,
            reference=f"caregiver:{caregiver.pk}",
            name=caregiver.name,
            area_path=caregiver.area.path,
        )
    return Person(phone)


def inbound_call(call: Incoming, person: Person, *, now: datetime) -> CallIn:
    """A call as it would be written down; of nobody known, it is the whole district's."""
    return CallIn(
        provider_id=call.provider_id,
        phone=person.phone,
        person=person.reference,
        name=person.name,
        resident_id=person.resident_id,
        area_path=person.area_path or district_path(),
        began_at=now,
    )


def greeting(person: Person) -> Spoken:
    """By name, where it is a resident's own number."""
    if person.called:
        return Spoken("inbound_greeting_named", {"who": person.called})
    return Spoken("inbound_greeting")


def menu(language: str) -> list[str]:
    """What is said of each key, help first, in the order of the keys."""
    with translation.override(language):
        return [gettext(HELP_ASK), *(str(choice.ask) for choice in inbound.choices())]


def take_text(text: Incoming, *, now: datetime) -> None:
    """Take a text for what it says, once, and write back; within a transaction."""
    if not ledger.take(SOURCE, text.provider_id, now=now):
        return
    person = person_of(text.sender)
    if words.wants_stop(text.body):
        suppress(person.phone, word=words.plain(text.body), now=now)
        _write_back(person, Spoken("routine_stopped"), text, now)
    elif words.wants_start(text.body):
        lift_suppression(person.phone)
        _write_back(person, Spoken("routine_started"), text, now)
    elif words.wants_help(text.body):
        _take_choice(person, HELP_KEY, text, now)
    elif not _take_word(person, text, now):
        _take_reply(person, text, now)


def _take_word(person: Person, text: Incoming, now: datetime) -> bool:
    """Answer a text that is a registered word; whoever cannot be served is rung back."""
    caller = _caller(person, text)
    answers: list[Spoken | None] = []
    if not contained("a word", lambda: answers.append(inbound.answer_word(caller, now))):
        _take_choice(person, "", text, now)
        return True
    [spoken] = answers
    if spoken is None:
        return False
    _write_back(person, spoken, text, now)
    return True


def _take_reply(person: Person, text: Incoming, now: datetime) -> None:
    """The answer to an open question; without one, or by a word of its own, a key of the menu."""
    question = asked_of(person.phone, now=now) if person.phone else None
    choice = words.choice_of(text.body, is_asked=question is not None)
    if inbound.means_something(choice):
        _take_choice(person, choice, text, now)
    elif question is None:
        # Once an hour at most: another machine may be writing to ours.
        once = f"not_read.{now:%Y%m%d%H}"
        _write_back(person, Spoken("texts_not_read"), text, now, step_run=once)
    else:
        _take_answer(person, question, text, now)


def _caller(person: Person, text: Incoming) -> Caller:
    return Caller(person.phone, Channel.SMS, text.provider_id, text.body)


def _take_choice(person: Person, key: str, text: Incoming, now: datetime) -> None:
    """What the key means on the telephone; who writes is not put through."""
    answer = mean(_caller(person, text), key, now)
    match answer:
        case Connection():
            spoken = answer.unanswered
        case Asking():
            spoken = answer.said
        case _:
            spoken = answer
    _write_back(person, spoken, text, now)


def _take_answer(person: Person, question: Delivery, text: Incoming, now: datetime) -> None:
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
