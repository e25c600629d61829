"""A caregiver's day as a text: at the start of the shift, by a word, by a button at the desk."""

from datetime import timedelta

import pytest

from backend.core import clock
from backend.people.models import Shift
from notifications import incoming, templates
from notifications.models import Delivery
from notifications.senders.twilio.callbacks import Incoming
from services.emergencies.models import EmergencyCall
from services.visits import texting
from tests.builders import NOON, a_caregiver, a_resident, a_user, make_unreadable, signed_in
from tests.services.visits.builders import a_visit, an_assigned_visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def texts() -> list[Delivery]:
    return list(Delivery.objects.filter(template="visit_day"))


def write(phone: str, body: str, *, number: int = 1) -> None:
    text = Incoming(f"SM{number}", phone, "+8651088880000", body)
    incoming.take_text(text, now=NOON)


def test_a_shift_is_texted_its_day_once_when_it_begins() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + HOUR)
    Shift.objects.create(caregiver=carer, starts_at=NOON, ends_at=NOON + 8 * HOUR)

    assert texting.text_shifts(now=NOON - HOUR) == 0
    assert texting.text_shifts(now=NOON - timedelta(minutes=10)) == 1
    assert texting.text_shifts(now=NOON) == 0

    [text] = texts()
    assert text.address == carer.phone
    assert "13:00" in templates.render_text(text)
    assert visit.area.name[:8] in templates.render_text(text)


def test_a_night_shift_is_texted_what_comes_after_midnight_too() -> None:
    at = NOON + 14 * HOUR
    _visit, carer = an_assigned_visit(starts_at=at, day=NOON.date() + timedelta(days=1))
    begins = NOON + 10 * HOUR
    Shift.objects.create(caregiver=carer, starts_at=begins, ends_at=begins + 8 * HOUR)

    assert texting.text_shifts(now=begins) == 1

    assert "02:00" in texts()[0].context["list"]


def test_a_caregiver_whose_record_cannot_be_read_costs_nobody_else_their_day() -> None:
    for_whom = [an_assigned_visit(starts_at=NOON + HOUR)[1] for _ in range(2)]
    for carer in for_whom:
        Shift.objects.create(caregiver=carer, starts_at=NOON, ends_at=NOON + 8 * HOUR)
    broken, other = for_whom
    make_unreadable(broken)

    assert texting.text_shifts(now=NOON) == 1

    assert [text.address for text in texts()] == [other.phone]


def test_a_word_that_cannot_be_served_is_rung_back_about() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + HOUR)
    make_unreadable(visit.resident)

    write(carer.phone, "今天")

    assert texts() == []
    call = EmergencyCall.objects.get()
    assert (call.kind, call.claimed_phone) == ("consultation", carer.phone)


def test_a_shift_without_visits_is_not_texted() -> None:
    carer = a_caregiver()
    Shift.objects.create(caregiver=carer, starts_at=NOON, ends_at=NOON + 8 * HOUR)

    assert texting.text_shifts(now=NOON) == 0


def test_a_text_tells_neither_whole_names_nor_health_nor_how_to_get_in() -> None:
    resident = a_resident(name="陈桂英", sex="female", conditions="高血压", responder_notes="耳背")
    _visit, carer = an_assigned_visit(to=resident)

    said = texting.day_text(carer, now=NOON)

    assert "陈女士" in said
    address = resident.household.address.text
    for secret in ("陈桂英", "高血压", "耳背", "1357#", address, "bathing", "洗澡", "助浴"):
        assert secret not in said


def test_a_long_day_stays_within_four_parts_and_says_how_many_are_left_out() -> None:
    carer = a_caregiver()
    for number in range(40):
        a_visit(starts_at=NOON + number * timedelta(minutes=10), carers=(carer,))

    said = texting.day_text(carer, now=NOON)

    assert templates.segments(said) <= texting.SEGMENTS_MAX
    head, *lines, foot = said.splitlines()
    assert "40" in head
    assert str(40 - len(lines)) in foot


@pytest.mark.parametrize("body", ["今天", " Today. ", "今天!"])
def test_a_caregiver_who_writes_today_is_texted_what_is_left(body: str) -> None:
    _visit, carer = an_assigned_visit(starts_at=NOON + HOUR)

    write(carer.phone, body)

    [text] = texts()
    assert (text.address, "13:00" in text.context["list"]) == (carer.phone, True)


def test_a_resident_who_writes_today_is_told_their_next_visit_and_nobodys_day() -> None:
    resident = a_resident(phone="+8619000000123")
    an_assigned_visit(to=resident)

    write("+8619000000123", "今天")

    assert texts() == []
    assert Delivery.objects.get().template == "visit_next_by"


def test_a_lead_texts_a_caregiver_the_day_by_a_button() -> None:
    visit, carer = an_assigned_visit(starts_at=NOON + HOUR)
    lead = signed_in(a_user(role="lead", area=visit.area))

    with clock.set_to(NOON):
        board = lead.get("/desk/visits/").content.decode()
        for _ in range(2):
            lead.post(f"/desk/caregivers/{carer.pk}/day-text/")

    assert f"/desk/caregivers/{carer.pk}/day-text/" in board
    assert [text.person for text in texts()] == [f"caregiver:{carer.pk}"]
