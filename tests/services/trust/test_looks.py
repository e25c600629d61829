"""Who looked at a record, in plain words, and the question why."""

from datetime import timedelta

import pytest

from backend.accounts.actors import actor_of
from backend.accounts.models import Role, User
from backend.core import clock
from backend.people.models import Resident
from notifications.models import Delivery
from services.trust import actions
from services.trust.errors import AboutOneself, AlreadyAnswered, NothingSeen
from services.trust.looks import looks_at, whose_looks
from services.trust.models import LookQuestion
from tests.builders import (
    NOON,
    a_contact,
    a_family_account,
    a_guardian,
    a_phone,
    a_resident,
    a_resident_account,
    a_user,
    signed_in,
)
from tests.services.trust.builders import a_read

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def elder() -> Resident:
    """Somebody with a telephone."""
    return a_resident(phone=a_phone())


@pytest.fixture
def operator(elder: Resident) -> User:
    """At the desk of her area."""
    return a_user(role=Role.OPERATOR, area=elder.area, name="周敏")


def test_a_days_reads_of_one_person_are_one_look_in_plain_words(
    elder: Resident, operator: User
) -> None:
    a_read(elder, operator, "conditions", "phone", subject="call:1")
    a_read(elder, operator, "door_code", subject=f"household:{elder.household_id}")
    a_read(elder, operator, "reminders", now=NOON + DAY)

    looks = looks_at(elder, now=NOON + 2 * DAY)

    assert [look.day.day for look in looks] == [24, 23]
    assert len(looks[1].things) == 3
    assert len(looks[1].causes) == 1
    assert (looks[1].name, looks[1].is_staff) == ("周敏", True)


def test_who_answers_what_one_asked_about_the_data_looked_because_of_it(
    elder: Resident, operator: User
) -> None:
    a_read(elder, operator, "phone", subject="rights-request:1")

    (look,) = looks_at(elder, now=NOON)

    assert [str(each) for each in look.causes] == ["您提出的资料申请"]


def test_ones_own_looks_and_those_of_others_records_are_not_shown(
    elder: Resident, operator: User
) -> None:
    own = a_resident_account(elder)
    a_read(elder, own, "phone")
    a_read(a_resident(), operator, "phone")

    assert looks_at(elder, now=NOON) == []


def test_the_name_of_an_account_is_never_shown(elder: Resident) -> None:
    nameless = a_user(role=Role.LEAD, area=elder.area)
    a_read(elder, nameless, "phone")

    with clock.set_to(NOON):
        page = signed_in(a_resident_account(elder)).get("/who-looked/").content.decode()

    assert nameless.username not in page
    assert str(nameless.area.path if nameless.area else "-") not in page


def test_a_guardian_sees_who_looked_and_another_contact_does_not(
    elder: Resident, operator: User
) -> None:
    a_read(elder, operator, "phone")
    guardian, other = a_guardian(resident=elder), a_contact(resident=elder)
    pages = []
    with clock.set_to(NOON):
        for contact in (guardian, other):
            browser = signed_in(a_family_account(contact))
            pages.append(browser.get("/who-looked/").content.decode())
            answer = browser.post("/who-looked/ask/", _asked(elder, operator))
            assert answer.status_code == 302

    assert "周敏" in pages[0]
    assert "周敏" not in pages[1]
    assert LookQuestion.objects.get().asked_by == f"contact:{guardian.pk}"


def test_whose_guardianship_has_ended_sees_nothing_more(elder: Resident) -> None:
    guardian = a_guardian(resident=elder)
    guardian.guardianships.update(ends_on=NOON.date())
    actor = actor_of(a_family_account(guardian))

    assert [each.resident for each in whose_looks(actor, now=NOON)] == [elder]
    assert whose_looks(actor, now=NOON + DAY) == []


def _asked(elder: Resident, user: User, day: str = "2026-11-23") -> dict[str, str]:
    return {"resident": str(elder.pk), "look": f"{user.pk}.{day}"}


def test_one_press_asks_once_and_the_desk_answers_in_plain_words(
    elder: Resident, operator: User
) -> None:
    a_read(elder, operator, "conditions", subject="call:1")
    hers = signed_in(a_resident_account(elder))
    lead = a_user(role=Role.LEAD, area=elder.area)
    with clock.set_to(NOON):
        for _ in range(2):
            hers.post("/who-looked/ask/", _asked(elder, operator))
        question = LookQuestion.objects.get()
        desk = signed_in(lead)
        waiting = desk.get("/who-looked/questions/").content.decode()
        said = {"because": "call", "answer": "您周一按了求助。"}
        desk.post(f"/who-looked/questions/{question.pk}/answer/", said)
        page = hers.get("/who-looked/").content.decode()

    assert question.answer_by_at == NOON + timedelta(days=15)
    assert "周敏" in waiting
    assert "您周一按了求助。" in page
    told = Delivery.objects.get(template="look_question_answered")
    assert told.person == f"resident:{elder.pk}"
    assert "您周一按了求助。" not in str(told.context)


def test_nobody_answers_for_themself_or_twice(elder: Resident, operator: User) -> None:
    lead = a_user(role=Role.LEAD, area=elder.area)
    officer = a_user(role=Role.OFFICER, area=elder.area)
    a_read(elder, lead, "phone")
    whose = whose_looks(actor_of(a_resident_account(elder)), now=NOON)[0]
    question = actions.ask_why(
        whose, looked_by=lead.pk, looked_on=NOON.date(), by="user:1", now=NOON
    )

    def answered_by(user: User) -> LookQuestion:
        return actions.answer_question(
            question, because="care", answer="", actor=actor_of(user), now=NOON
        )

    with pytest.raises(AboutOneself):
        answered_by(lead)
    answered_by(officer)
    with pytest.raises(AlreadyAnswered):
        answered_by(officer)


@pytest.mark.parametrize("day", ["2026-11-22", "2026-99-99", "yesterday", ""])
def test_who_did_not_look_is_not_asked_about(elder: Resident, operator: User, day: str) -> None:
    a_read(elder, operator, "phone")
    with clock.set_to(NOON):
        hers = signed_in(a_resident_account(elder))
        assert hers.post("/who-looked/ask/", _asked(elder, operator, day)).status_code == 302
    assert not LookQuestion.objects.exists()
    whose = whose_looks(actor_of(a_family_account(a_guardian(resident=elder))), now=NOON)[0]
    with pytest.raises(NothingSeen):
        actions.ask_why(whose, looked_by=elder.pk, looked_on=NOON.date(), by="user:1", now=NOON)


def test_a_question_that_nobody_answers_climbs(elder: Resident, operator: User) -> None:
    lead = a_user(role=Role.LEAD, area=elder.area, phone=a_phone())
    officer = a_user(role=Role.OFFICER, area=elder.area, phone=a_phone())
    a_read(elder, operator, "phone")
    whose = whose_looks(actor_of(a_resident_account(elder)), now=NOON)[0]
    actions.ask_why(whose, looked_by=operator.pk, looked_on=NOON.date(), by="user:1", now=NOON)

    for days in (7, 8, 16):
        actions.climb_questions(now=NOON + timedelta(days=days))

    climbs = Delivery.objects.filter(template="look_question_waits").order_by("created_at")
    assert [each.person for each in climbs] == [lead.reference, officer.reference]
