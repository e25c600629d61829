"""Pages of one's data and of who answers: what was typed stays, and what is wrong is said."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.core import clock
from backend.people.models import Resident
from services.community.doers import Doer
from services.rights import actions
from services.rights.models import RightsRequest
from tests.builders import (
    NOON,
    Answer,
    a_contact,
    a_family_account,
    a_guardian,
    a_phone,
    a_resident,
    a_resident_account,
    reloaded,
    signed_in,
)
from tests.services.rights.builders import a_request, an_officer

pytestmark = pytest.mark.django_db

Kind, State = RightsRequest.Kind, RightsRequest.State


@pytest.fixture
def resident() -> Resident:
    """Somebody whose date of birth is known."""
    return a_resident(phone=a_phone(), birth_date=date(1940, 5, 1))


def ask(client: Client, **said: str) -> Answer:
    with clock.set_to(NOON):
        return client.post("/my-data/", said, headers={"accept-language": "en"})


def decide(officer: User, request: RightsRequest, step: str, **said: str) -> Answer:
    with clock.set_to(NOON):
        return signed_in(officer).post(
            f"/desk/rights/{request.pk}/{step}/", said, headers={"accept-language": "en"}
        )


@pytest.mark.parametrize(
    ("about", "words", "entered"),
    [
        ("birth_date", "1943年3月9日", "1943-03-09"),
        ("birth_date", "１９４３.3.9", "1943-03-09"),
        ("phone", "190 0000 0001", "+8619000000001"),
        ("allergies", " 青霉素 ", "青霉素"),
    ],
)
def test_what_would_be_right_is_kept_as_it_can_be_entered(
    resident: Resident, about: str, words: str, entered: str
) -> None:
    ask(signed_in(a_resident_account(resident)), kind=Kind.CORRECT, about=about, words=words)

    request = RightsRequest.objects.get()
    assert request.words == entered
    actions.approve(request, officer=an_officer(resident), now=NOON)
    assert str(getattr(reloaded(resident), about)) == entered


@pytest.mark.parametrize(
    ("about", "words", "told"),
    [
        ("birth_date", "the ninth of March", "year, month and day in figures"),
        ("birth_date", "2043-03-09", "year, month and day in figures"),
        ("birth_date", "1943-02-30", "year, month and day in figures"),
        ("phone", "12", "the whole telephone number"),
        ("id_number", "320202", "all 18 signs"),
        ("name", "陈" * 61, "At most 60 characters"),
        ("name", "", "what would be right"),
    ],
)
def test_what_cannot_be_entered_stays_typed_and_is_told_how_it_could(
    resident: Resident, about: str, words: str, told: str
) -> None:
    client = signed_in(a_resident_account(resident))

    answer = ask(client, kind=Kind.CORRECT, about=about, words=words)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "data-error-summary" in shown
    assert told in shown
    assert words in shown
    assert '<details class="card" open>' in shown
    assert not RightsRequest.objects.exists()


def test_they_read_what_they_asked_and_by_which_day_they_hear(resident: Resident) -> None:
    client = signed_in(a_resident_account(resident))
    there = ask(client, kind=Kind.CORRECT, about="allergies", words="青霉素")["Location"]

    with clock.set_to(NOON):
        shown = client.get(there, headers={"accept-language": "en"}).content.decode()

    assert "allergies" in shown
    assert "青霉素" in shown
    assert "You hear from us before 15 December." in shown


def test_what_is_frozen_is_said_and_not_offered_again(resident: Resident) -> None:
    client = signed_in(a_resident_account(resident))
    assert f'value="{Kind.FREEZE}"' in client.get("/my-data/").content.decode()
    request = a_request(Kind.FREEZE, resident=resident)
    actions.approve(request, officer=an_officer(resident), now=NOON)

    shown = client.get("/my-data/", headers={"accept-language": "en"}).content.decode()

    assert f'value="{Kind.FREEZE}"' not in shown
    assert "used only when help is needed" in shown


def frozen(resident: Resident) -> RightsRequest:
    request = a_request(Kind.FREEZE, resident=resident)
    actions.approve(request, officer=an_officer(resident), now=NOON)
    return request


def test_a_freeze_is_ended_with_one_press_by_whoever_may_ask_for_one(resident: Resident) -> None:
    request = frozen(resident)
    client = signed_in(a_resident_account(resident))
    assert "/my-data/use-again/" in client.get("/my-data/").content.decode()

    for _ in range(2):
        assert client.post("/my-data/use-again/")["Location"] == "/my-data/"

    assert reloaded(resident).frozen_since is None
    assert [each.event for each in request.events.all()].count("thawed") == 1


def test_a_guardian_ends_it_and_another_contact_does_not(resident: Resident) -> None:
    frozen(resident)
    guardian, other = a_guardian(resident=resident), a_contact(resident=resident)
    door = f"/family/{resident.pk}/data/use-again/"

    assert signed_in(a_family_account(other)).post(door).status_code == 422
    assert reloaded(resident).frozen_since == NOON
    assert signed_in(a_family_account(guardian)).post(door).status_code == 302
    assert reloaded(resident).frozen_since is None


def test_the_desk_is_asked_only_for_what_the_request_needs(resident: Resident) -> None:
    officer, door = signed_in(an_officer(resident)), f"/desk/residents/{resident.pk}/rights/new/"

    first: Any = officer.get(door).context["form"]
    assert set(first.fields) == {"kind", "asker"}
    then: Any = officer.get(door, {"kind": "correct", "asker": "resident"}).context["form"]
    assert {each.name for each in then.visible_fields()} == {"channel", "phone", "about", "words"}
    kin: Any = officer.get(door, {"kind": "copy", "asker": "kin"}).context["form"]
    assert {"relation", "proof", "contact"} <= {each.name for each in kin.visible_fields()}


def test_a_contact_who_decides_nothing_is_not_told_of_a_freeze(resident: Resident) -> None:
    request = a_request(Kind.FREEZE, resident=resident)
    actions.approve(request, officer=an_officer(resident), now=NOON)
    family = signed_in(a_family_account(a_contact(resident=resident)))

    shown = family.get(f"/family/{resident.pk}/data/", headers={"accept-language": "en"})

    assert "Only they themselves or their guardian" in shown.content.decode()
    assert "used only when help is needed" not in shown.content.decode()


def test_kin_fill_in_their_paper_at_one_button_and_find_it_there_again() -> None:
    resident = a_resident()
    family = a_family_account(a_contact(resident=resident))
    Resident.objects.filter(pk=resident.pk).update(life_state="died")

    answer = signed_in(family).post(f"/family/{resident.pk}/data/", {"kind": "copy", "proof": ""})

    shown = answer.content.decode()
    assert answer.status_code == 422
    for field in ("copy-proof", "delete-proof", "correct-proof"):
        assert shown.count(f'id="{field}"') == 1
    assert shown.count("field__error") == 1


def test_a_refused_press_keeps_what_the_officer_typed(resident: Resident) -> None:
    request, officer = a_request(Kind.DELETE, resident=resident), an_officer(resident)
    actions.place_hold(
        resident,
        reason="遗产纠纷待法院判决",
        law="民事诉讼法",
        until=date(2027, 1, 1),
        by=Doer("user:1"),
        now=NOON,
    )

    answer = decide(officer, request, "approve", **{"a-answer": "As you wished."})

    assert answer.status_code == 409
    assert "As you wished." in answer.content.decode()


def test_an_answer_that_was_asked_for_cannot_stay_empty(resident: Resident) -> None:
    request = a_request(Kind.CORRECT, resident=resident, about="other", words="My floor is 3.")

    shown = decide(an_officer(resident), request, "approve", **{"a-answer": ""}).content.decode()

    assert "may stay empty" not in shown
    assert "field__error" in shown
    assert reloaded(request).state == State.OPEN


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"kind": "correct", "asker": "resident"}, {"about", "words"}),
        ({"kind": "review", "asker": "resident"}, {"decision"}),
        ({"kind": "copy", "asker": "guardian"}, {"contact"}),
        ({"kind": "copy", "asker": "kin"}, {"relation", "proof"}),
    ],
)
def test_the_desk_is_told_what_a_request_lacks(
    resident: Resident, said: dict[str, str], missing: set[str]
) -> None:
    officer = signed_in(an_officer(resident))

    answer = officer.post(
        f"/desk/residents/{resident.pk}/rights/new/", {"channel": "phone", **said}
    )

    assert answer.status_code == 422
    form: Any = answer.context["form"]
    assert set(form.errors) == missing


def test_who_must_show_that_it_is_them_comes_back_to_the_page_with_the_copy(
    resident: Resident,
) -> None:
    client = signed_in(a_resident_account(resident))
    there = ask(client, kind=Kind.COPY)["Location"]
    request = RightsRequest.objects.get()
    actions.approve(request, officer=an_officer(resident), now=NOON)
    actions.prepare_due(now=NOON)
    with clock.set_to(NOON):
        shown = client.get(there).content.decode()
    assert f"{there}json/" in shown
    assert " download" not in shown

    with clock.set_to(clock.now() + timedelta(hours=1)):
        asked = client.get(f"{there}json/", headers={"referer": "http://testserver/sw.js"})

    assert asked["Location"] == f"/account/confirm/?next={there.replace('/', '%2F')}"
