"""The whole test run is read: no log, figure or message says who somebody is, or how they are.

Whatever goes through the encryption of fields is private, and so
are names; at the end of the session (of each xdist worker) everything that was logged, told by
/metrics, written into the journal, or written and said to somebody is looked through for it.

What may be told where stands in `MAY_TELL`. Nothing of ours writes traces; a tracer
that comes logs through `logging` or gets a sink here.
"""

import logging
import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db.models.signals import post_save
from prometheus_client import generate_latest

from backend.accounts.models import User
from backend.core import crypto
from backend.core.models import JournalEvent
from backend.people.models import Contact, Resident
from notifications import templates
from notifications.models import Delivery
from notifications.replies import Spoken

SHORTEST_FIGURES, SHORTEST_PLAIN, SHORTEST_CHINESE = 8, 5, 2
"""Shorter ones stand by chance in any text."""
ID_NUMBER = re.compile(r"(?<![\w.-])[1-9]\d{16}[\dXx](?![\w-])")
MOBILE = re.compile(r"(?<![\w.-])(?:\+?86)?1[3-9]\d{9}(?![\w-])")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Source: GB 11643."""
PRIVATE_NAMES = {Resident: "people_resident.name", Contact: "people_contact.name"}
NOT_PRIVATE = ("core_idempotencykey.", "accounts_", "webhooks_", "mfa", "new_totp_secret", "totp")
"""Sealed for another reason: answers kept to be given again, and secrets of accounts, which have
tests of their own."""

CONTACTS_NAME = "people_contact.name"
SEALED_FROM = "people_"
MAY_TELL: Mapping[str, Callable[[str], bool]] = {
    "message": lambda column: column == CONTACTS_NAME,
    "sealed": lambda column: not column.startswith(SEALED_FROM),
    "journal": lambda column: column in PRIVATE_NAMES.values(),
}
"""Which columns may be told where. A message names who comes or who was asked, a resident never in
full, and tells no health, number, address or way in. What it is for, a code or the words of
somebody's own reminder, is sealed in its delivery and told to nobody else; not even there stands
what is kept about a person and their home. The journal is read under permission, and names there
are those of staff and of who is going."""

WORKER_FOUND = "scan_found"


@dataclass
class Sinks:
    """What was private, and what was told, each with the test in which it was."""

    private: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)
    staff: set[str] = field(default_factory=set)
    """Names of staff, who are named wherever they act."""

    def keep(self, value: str, column: str) -> None:
        """Something private."""
        text = value.strip()
        shortest = SHORTEST_PLAIN if text.isascii() else SHORTEST_CHINESE
        if text.isdecimal():
            shortest = SHORTEST_FIGURES
        if len(text) >= shortest and not column.startswith(NOT_PRIVATE):
            self.private.setdefault(text, column)

    def hear(self, sink: str, text: str) -> None:
        """Something that left a place where only its readers are."""
        if text:
            self.told.setdefault((sink, text), os.environ.get("PYTEST_CURRENT_TEST", "")[:120])

    def found(self) -> Iterator[str]:
        """Each thing that was told and should not have been."""
        self.hear("metrics", generate_latest().decode())
        ours = words_of_ours() | self.staff
        private = {
            value: column for value, column in self.private.items() if value.lower() not in ours
        }
        for (sink, text), test in self.told.items():
            kind = sink.partition(":")[0]
            may_tell = MAY_TELL.get(kind, _nothing)
            for value, column in private.items():
                if stands_in(text, value) and not may_tell(column):
                    yield f"{column} in {sink}: {text[:200]!r} ({test})"
            if kind in {"log", "metrics", "journal"}:
                yield from (
                    f"{what} in {sink}: {text[:200]!r} ({test})" for what in shapes_in(text)
                )


def words_of_ours() -> frozenset[str]:
    """The words in which tables and JSON are written: told of everybody, they tell of nobody."""
    choices = (
        str(value).lower()
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        for value, _label in each.flatchoices
    )
    return frozenset({"true", "false", "null", *choices})


def stands_in(text: str, value: str) -> bool:
    """Whether it is told there: Chinese anywhere, other writing as whole words only.

    "Lin" is not told by "Linux".
    """
    if value not in text:
        return False
    if not value.isascii():
        return True
    return re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text) is not None


def _nothing(_column: str) -> bool:
    return False


def shapes_in(text: str) -> Iterator[str]:
    """What looks like somebody's number, whoever it is of."""
    if any(is_id_number(each) for each in ID_NUMBER.findall(text)):
        yield "an ID number"
    if MOBILE.search(text):
        yield "a mobile number"


def is_id_number(said: str) -> bool:
    """Whether the checksum is right."""
    total = sum(int(digit) * weight for digit, weight in zip(said[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == said[17].upper()


sinks = Sinks()


def pytest_sessionstart() -> None:
    """Listen at the one place of each kind that everything goes through."""
    _listen_to_logs()
    _listen_to_encryption()
    _listen_to_messages()
    post_save.connect(_keep_names, weak=False)


def _listen_to_logs() -> None:
    made = logging.getLogRecordFactory()

    def factory(*arguments: Any, **options: Any) -> logging.LogRecord:
        record = made(*arguments, **options)
        if not record.name.startswith(("faker", "hypothesis", "asyncio")):
            sinks.hear(f"log:{record.name}", _said(record))
        return record

    logging.setLogRecordFactory(factory)


def _said(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = f"{record.msg} {record.args}"
    if record.exc_info and record.exc_info[1]:
        text += "\n" + "".join(traceback.format_exception_only(record.exc_info[1]))
    return text


def _listen_to_encryption() -> None:
    encrypt = crypto.encrypt

    def listening(text: str, *, context: str) -> str:
        sinks.keep(text, context)
        return encrypt(text, context=context)

    crypto.encrypt = listening


def _listen_to_messages() -> None:
    text, speech, spoken = (
        templates.render_text,
        templates.render_speech,
        templates.render_spoken,
    )

    def hear(delivery: Delivery, told: str) -> None:
        sealed = delivery.secret
        sinks.hear(f"sealed:{delivery.template}", sealed)
        sinks.hear(f"message:{delivery.template}", told.replace(sealed, "…") if sealed else told)

    def hear_text(delivery: Delivery, **options: Any) -> str:
        written = text(delivery, **options)
        hear(delivery, written)
        return written

    def hear_speech(delivery: Delivery) -> templates.Speech:
        said = speech(delivery)
        hear(delivery, " ".join([*said.sentences, *said.ask]))
        return said

    def hear_spoken(answer: Spoken, **options: Any) -> list[str]:
        said = spoken(answer, **options)
        sinks.hear(f"message:{answer.template}", " ".join(said))
        return said

    templates.render_text = hear_text
    templates.render_speech = hear_speech
    templates.render_spoken = hear_spoken  # type: ignore[assignment]


def _keep_names(sender: type, instance: Any, **_options: Any) -> None:
    if sender in PRIVATE_NAMES:
        sinks.keep(instance.name, PRIVATE_NAMES[sender])
    elif isinstance(instance, User) and instance.is_staff_role:
        sinks.staff |= {instance.name.lower(), instance.username.lower()}
    elif sender is JournalEvent:
        sinks.hear(f"journal:{instance.type}", str(instance.data))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look through it; a worker tells its controller."""
    found = sorted(set(sinks.found()))
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[WORKER_FOUND] = found
        return
    _all_found.extend(found)
    if _all_found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_all_found: list[str] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker found."""
    _all_found.extend(getattr(node, "workeroutput", {}).get(WORKER_FOUND, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it, and fail."""
    if _all_found:
        terminalreporter.section("told what is private", red=True)
        for each in sorted(set(_all_found)):
            terminalreporter.write_line(each)
