"""The page on which the demo's telephones lie."""

from http import HTTPStatus

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from tests.builders import a_caregiver, a_contact, a_resident, a_resident_account

pytestmark = pytest.mark.django_db

NUMBER = "+8619000012345"


@pytest.fixture
def _demo(settings: object) -> None:
    settings.ENV = msgspec.structs.replace(settings.ENV, yian_demo=True)  # type: ignore[attr-defined]


def names(**asked: str) -> list[str]:
    answer = Client().get("/demo/phones/directory", asked, headers={"Accept-Language": "en"})
    return [phone["name"] for phone in answer.json()["phones"]]


@pytest.mark.parametrize("path", ["/demo/phones", "/demo/phones/directory"])
def test_outside_a_demo_there_are_no_telephones(path: str) -> None:
    assert settings.ENV.yian_demo is False
    assert Client().get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("_demo")
def test_the_page_opens_for_everybody_in_a_demo() -> None:
    assert b"data-phone-template" in Client().get("/demo/phones").content


@pytest.mark.usefixtures("_demo")
def test_the_telephones_of_those_with_an_account_lie_there_first() -> None:
    a_resident(name="无账号", phone=NUMBER)
    a_resident_account(name="陈桂英")

    assert names() == ["陈桂英"]


@pytest.mark.usefixtures("_demo")
def test_a_number_is_given_its_owner() -> None:
    a_contact(name="王丽", phone=NUMBER)

    assert names(number=NUMBER) == ["王丽"]


@pytest.mark.usefixtures("_demo")
def test_a_number_that_several_have_is_the_residents() -> None:
    a_contact(name="王丽", phone=NUMBER)
    a_resident(name="陈桂英", phone=NUMBER)

    assert names(number=NUMBER) == ["陈桂英"]


@pytest.mark.usefixtures("_demo")
def test_a_telephone_is_found_by_part_of_a_name() -> None:
    a_caregiver(name="王敏")
    a_caregiver(name="周建华")

    assert names(q="建") == ["周建华"]
