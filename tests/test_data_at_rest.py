"""What can be read in a dump of the database: no identity number, telephone, door code or health.

First the things that happen are played, each with a value that is looked for afterwards; then
every encrypted field there is gets one.
"""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from backend.accounts.models import Role
from backend.core.fields import EncryptedField
from backend.runtime.backup import tools_for
from devices.enrolment.actions import begin_enrolment, save_person
from notifications.actions.suppressing import suppress
from services.alerts.actions import mark_false, raise_alert
from services.assistance.cases import actions as cases
from services.emergencies.actions import add_note, resolve_call
from services.visits import actions as visits
from services.wellbeing import actions as wellbeing
from services.wellbeing.models import WelfareContact
from tests.builders import (
    NOON,
    a_caregiver_on_shift,
    a_contact,
    a_household,
    a_resident,
    a_resident_account,
    a_ringing_call,
    a_user,
    an_area,
    api_of,
)
from tests.devices.ingest.doors import SOS, open_doors
from tests.services.assistance.cases.builders import Office, a_case, as_doer
from tests.services.community.builders import a_complaint, a_provider, a_service, an_order
from tests.services.visits.builders import BY, BY_HAND, a_care_plan, a_visit, an_act
from tests.services.wellbeing.builders import a_reminder
from tests.worlds import a_world, our_models

pytestmark = pytest.mark.django_db(transaction=True)

CARDS = ("320205193507154326", "320205194001011234")
PROSE = frozenset(
    {
        *("phone", "id_number", "door_code", "key_holder", "secret", "draft", "account"),
        *("conditions", "allergies", "medicines", "instructions", "scores", "tasks"),
        *("note", "notes", "text", "words", "wish", "answer", "findings"),
    }
)
"""Names of fields that would hold what is private."""
SPOKEN_OPENLY = {
    "places_address.text": "addresses are searched by parts of words (docs/adr/0009)",
    "devices_reading.text": "what a machine says, not a person",
    "notifications_attempt.answer": "a template and the names it is said with",
    "notifications_bridge.words": "templates and the names they are said with",
    "webhooks_notice.answer": "a status of HTTP, or the code of what went wrong",
}


def dump() -> str:
    """The whole database as anybody with the file would read it."""
    tools = tools_for(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    return tools.run(
        "pg_dump", "--format=plain", f"--dbname={tools.conninfo} dbname={name}", doing=""
    )


class Secrets:
    """Values that are looked for afterwards."""

    def __init__(self) -> None:
        self.said: list[str] = list(CARDS)
        self._numbers = itertools.count(1)

    def words(self, what: str) -> str:
        """Something private, in words that stand nowhere else."""
        self.said.append(f"秘密{what}{next(self._numbers):04}")
        return self.said[-1]

    def phone(self) -> str:
        """A number; also without its country it may not be found."""
        self.said.append(f"1977{next(self._numbers):07}")
        return f"+86{self.said[-1]}"

    def found_in(self, text: str) -> list[tuple[str, str]]:
        """Which of them can be read, and in which table."""
        found, table = [], ""
        for line in text.splitlines():
            if line.startswith("COPY "):
                table = line.split()[1]
            found += [(each, table) for each in self.said if each in line]
        return found


def of_people(secrets: Secrets) -> None:
    """A draft of an enrolment, a home, a person by the API, whose answer is kept for repeats."""
    area = an_area(parent=an_area(parent=an_area()))
    begun = begin_enrolment(area=area, by="user:1", now=NOON)
    details = {"name": "陈桂英", "phone": secrets.phone(), "id_number": CARDS[0]}
    save_person(begun, details=details, by="user:1", now=NOON)
    home = a_household(
        area=area,
        door_code=secrets.words("door"),
        key_holder=secrets.words("keys"),
        entry_notes=secrets.words("entry"),
    )
    sent = {
        "household": str(home.pk),
        "name": "王秀英",
        "id_number": CARDS[1],
        "phone": secrets.phone(),
        "conditions": secrets.words("conditions"),
        "allergies": secrets.words("allergies"),
        "medicines": secrets.words("medicines"),
        "responder_notes": secrets.words("responders"),
    }
    staff = api_of(a_user(role=Role.OPERATOR, area=area))
    answer = staff.post("/api/v1/residents/", sent, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.content
    assert a_contact(phone=secrets.phone()).phone_index
    suppress(secrets.phone(), word="stop", now=NOON)
    someone = a_resident_account(a_resident(phone=secrets.phone()))
    Client().post("/sign-in/", {"phone": someone.phone})


def of_calls(secrets: Secrets) -> None:
    """A stranger's call and a resident's, with what was written down of it."""
    claimed = {
        "phone": secrets.phone(),
        "name": secrets.words("caller"),
        "place": secrets.words("place"),
    }
    with open_doors() as doors:
        doors.post(SOS, claimed, idempotency_key="press")
    call = a_ringing_call(resident=a_resident(phone=secrets.phone()))
    add_note(call, by="user:1", name="李娜", text=secrets.words("call note"), now=NOON)
    resolve_call(call, by="user:1", outcome="hospital", note=secrets.words("outcome"), now=NOON)
    alert = raise_alert(kind="water", area=an_area(), resident=a_resident(), now=NOON)
    mark_false(alert, by="user:1", now=NOON, note=secrets.words("alert"))


def of_care(secrets: Secrets) -> None:
    """A plan, a visit with its tasks and note, a wish, a reminder that is asked, a look in."""
    resident = a_resident(phone=secrets.phone())
    carer = a_caregiver_on_shift(near=resident, phone=secrets.phone())
    task = secrets.words("task")
    a_care_plan(resident=resident, tasks=[task], instructions=secrets.words("instructions"))
    visit = a_visit(to=resident, carers=(carer,), tasks=[task])
    visits.check_in(visit, act=an_act(carer, at=NOON), proof=BY_HAND, now=NOON)
    visits.set_task(visit, task=task, outcome="done", act=an_act(carer), now=NOON)
    note = secrets.words("visit note")
    visits.add_note(visit, text=note, by=BY, at=NOON, client_key="1", now=NOON)
    visits.ask_for_visit(
        resident,
        service="cleaning",
        wish=secrets.words("wish"),
        by=f"resident:{resident.pk}",
        name=resident.name,
        contact=None,
        now=NOON,
    )
    a_reminder(resident=resident, text=secrets.words("reminder"))
    wellbeing.ask_due(now=NOON)
    wellbeing.record_welfare(
        resident,
        kind=WelfareContact.Kind.VISIT,
        outcome=WelfareContact.Outcome.NEEDS_HELP,
        note=secrets.words("welfare"),
        by=BY,
        by_name="沈慧",
        now=NOON,
    )


def of_services(secrets: Secrets) -> None:
    """A case with a remark, an order, a complaint, a provider."""
    office = Office()
    case = a_case(office)
    cases.add_note(case, text=secrets.words("case"), by=as_doer(office.clerk), now=NOON)
    service = a_service(area=an_area())
    a_provider(service, phone=secrets.phone())
    resident = a_resident(area=service.area, phone=secrets.phone())
    an_order(resident=resident, service=service, note=secrets.words("order"))
    a_complaint(words=secrets.words("complaint"), name="张建国", phone=secrets.phone())


def test_nothing_private_that_was_told_can_be_read_in_a_dump() -> None:
    secrets = Secrets()
    for play in (of_people, of_calls, of_care, of_services):
        play(secrets)

    text = dump()

    assert "王秀英" in text, "names are not encrypted: the dump is one of this database"
    assert secrets.found_in(text) == []


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedField[Any, Any]]]:
    """Every encrypted field of every model."""
    for model in our_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                yield model, field


def test_no_encrypted_field_of_any_table_can_be_read_in_a_dump() -> None:
    a_world()
    secrets, filled = Secrets(), 0
    for model, field in encrypted_fields():
        row = model._default_manager.first()
        if row is not None:
            setattr(row, field.attname, secrets.words(f"{model._meta.db_table}.{field.column}"))
            row.save(update_fields=[field.attname])
            filled += 1

    assert filled > 40
    assert secrets.found_in(dump()) == []


def test_what_would_be_private_by_its_name_is_encrypted_or_said_why_not() -> None:
    kinds = (models.CharField, models.TextField, models.JSONField)
    open_ones = {
        f"{model._meta.db_table}.{field.column}"
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if field.name in PROSE
        and (isinstance(field, kinds) or field.get_internal_type() == "ArrayField")
        and not isinstance(field, EncryptedField)
        and not field.choices
    }
    assert open_ones == SPOKEN_OPENLY.keys()
