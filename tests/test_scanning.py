"""The reader of the whole run finds what it is there to find."""

import logging

import pytest

from backend.core import crypto
from notifications import templates
from notifications.models import Delivery
from notifications.replies import Spoken
from notifications.templates import Template
from tests import scanning
from tests.builders import a_delivery, a_household, a_resident
from tests.scanning import Sinks

PHONE = "+8613912345678"


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Sinks:
    """Sinks of one test, so that what it tells on purpose is told to nobody else."""
    sinks = Sinks()
    monkeypatch.setattr(scanning, "sinks", sinks)
    return sinks


def found(sinks: Sinks) -> list[str]:
    """The beginning of each: what, and where."""
    return [each.split(":")[0] for each in sinks.found()]


@pytest.mark.django_db
def test_what_is_private_is_found_wherever_it_is_told(own: Sinks) -> None:
    resident = a_resident(household=a_household(door_code="7412*9"), name="欧阳兰芳")
    said = logging.getLogger("somewhere")
    said.warning("the door opens with %s", "7412*9")
    try:
        raise ValueError(resident.name)
    except ValueError:
        said.exception("failed")
    if not templates.is_registered("test_tells"):
        templates.register("test_tells", Template(text="%(who)s"))
    templates.render_text(a_delivery(template="test_tells", context={"who": resident.name}))
    templates.render_spoken(Spoken("test_tells", {"who": "7412*9"}), language="en")

    assert sorted(found(own)) == [
        "people_household.door_code in log",
        "people_household.door_code in message",
        "people_resident.name in log",
        "people_resident.name in message",
    ]


@pytest.mark.django_db
def test_what_a_template_may_tell_is_not_found(own: Sinks) -> None:
    delivery = a_delivery(template="sign_in_code", secret="493817", context={})
    templates.render_text(Delivery.objects.get(pk=delivery.pk))
    assert found(own) == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (f"rang {PHONE}", "a mobile number"),
        ("rang 13912345678", "a mobile number"),
        ("call 1139123456780 took 13912345678901 ns", ""),
        ("of 11010519491231002X", "an ID number"),
        ("of 110105194912310021", ""),
    ],
)
def test_numbers_of_people_are_known_by_their_form(own: Sinks, said: str, what: str) -> None:
    logging.getLogger("somewhere").warning(said)
    assert found(own) == ([f"{what} in log"] if what else [])


def test_what_is_sealed_is_private_from_then_on(own: Sinks) -> None:
    logging.getLogger("somewhere").error("took %s", "Metformin 500")
    crypto.encrypt("Metformin 500", context="people_resident.medicines")
    assert found(own) == ["people_resident.medicines in log"]


@pytest.mark.parametrize(
    ("told", "is_told"),
    [
        ("the kernel of Linux", False),
        ("Lin asked", True),
        ("asked by Lin.", True),
        ("who-is-Lin-about", False),
    ],
)
def test_a_latin_name_is_told_by_a_whole_word_only(told: str, is_told: bool) -> None:
    assert scanning.stands_in(told, "Lin") is is_told


def test_a_chinese_name_is_told_wherever_it_stands() -> None:
    assert scanning.stands_in("王敏正在赶往陈桂英家", "陈桂英")


def test_the_words_of_our_own_tables_tell_of_nobody(own: Sinks) -> None:
    logging.getLogger("somewhere").error("state=false outcome=taken by Metformin")
    for said in ("false", "taken", "Metformin"):
        crypto.encrypt(said, context="people_resident.medicines")
    assert [each.split(" in ")[0] for each in own.found()] == ["people_resident.medicines"]
