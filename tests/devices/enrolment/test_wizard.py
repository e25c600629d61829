"""Somebody is enrolled at the desk, step by step, and nothing entered is lost."""

import re
from collections.abc import Iterator
from datetime import time
from uuid import UUID

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.core import clock
from backend.people.actions.tombstones import bury
from backend.people.identity import check_sign
from backend.people.models import Consent, Resident, Tombstone
from backend.people.queries import consents_in_force
from backend.places.models import Area
from devices.actions import issue_claim_code
from devices.enrolment.models import Enrolment
from devices.models import Device
from notifications.models import Preference
from tests.builders import (
    NOON,
    Answer,
    a_contact,
    a_guardian,
    a_household,
    a_phone,
    a_user,
    an_area,
    reloaded,
    signed_in,
)
from tests.services.wellbeing.builders import a_reminder

pytestmark = pytest.mark.django_db

NUMBER = "32020319450312002"
ID_NUMBER = NUMBER + check_sign(NUMBER)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon all through: sessions end by the clock."""
    with clock.set_to(NOON):
        yield


@pytest.fixture
def area() -> Area:
    """A grid without anything below it."""
    return an_area()


@pytest.fixture
def desk(area: Area) -> Client:
    """An operator's browser."""
    return signed_in(a_user(role=Role.OPERATOR, area=area))


def begin(desk: Client) -> Enrolment:
    with clock.set_to(NOON):
        answer = desk.post("/desk/enrol/begin/")
    return Enrolment.objects.get(pk=UUID(answer["Location"].split("/")[3]))


def post(desk: Client, enrolment: Enrolment, step: str, **said: object) -> Answer:
    with clock.set_to(NOON):
        return desk.post(f"/desk/enrol/{enrolment.pk}/{step}/", said)


def person(**said: object) -> dict[str, object]:
    return {"name": "朱秀兰", "id_number": ID_NUMBER, "mobility": "walks", **said}


def a_person_at_home(desk: Client, area: Area) -> Enrolment:
    """An enrolment past its first two steps."""
    enrolment = begin(desk)
    post(desk, enrolment, "person", **person(phone=a_phone()))
    post(desk, enrolment, "home", address="长江路12号3栋502", area=area.pk, door_code="1234#")
    return reloaded(enrolment)


def resident_of(enrolment: Enrolment) -> Resident:
    assert enrolment.resident is not None
    return enrolment.resident


def test_the_identity_number_fills_birth_date_and_sex(desk: Client, area: Area) -> None:
    resident = resident_of(a_person_at_home(desk, area))

    assert (str(resident.birth_date), resident.sex) == ("1945-03-12", "female")
    assert (resident.household.door_code, resident.area) == ("1234#", area)


def test_a_wrong_identity_number_is_named_and_what_was_entered_stays(desk: Client) -> None:
    enrolment = begin(desk)

    answer = post(desk, enrolment, "person", **person(id_number=ID_NUMBER[:17] + "7"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "朱秀兰" in page
    assert 'id="id_id_number_error"' in page


def test_a_half_done_enrolment_is_in_the_list_and_goes_on_where_it_was(
    desk: Client, area: Area
) -> None:
    enrolment = begin(desk)
    post(desk, enrolment, "person", **person())

    page = desk.get("/desk/enrol/").content.decode()
    again = desk.get(f"/desk/enrol/{enrolment.pk}/person/").content.decode()

    assert f"/desk/enrol/{enrolment.pk}/home/" in page
    assert ID_NUMBER in again
    assert not Resident.objects.exists()


def test_a_draft_is_not_readable_in_the_database(desk: Client) -> None:
    enrolment = begin(desk)
    post(desk, enrolment, "person", **person())

    stored = Enrolment.objects.extra(select={"raw": "draft"}).values_list("raw", flat=True)
    assert ID_NUMBER not in str(list(stored))
    assert reloaded(enrolment).draft


def test_somebody_enrolled_already_is_found_out_at_the_first_step(desk: Client, area: Area) -> None:
    a_person_at_home(desk, area)
    second = begin(desk)

    answer = post(desk, second, "person", **person())

    assert answer.status_code == 422
    assert reloaded(second).draft == ""


def test_an_address_where_somebody_lives_is_asked_about_before_it_is_joined(
    desk: Client, area: Area
) -> None:
    other = resident_of(a_person_at_home(desk, area))
    enrolment = begin(desk)
    post(desk, enrolment, "person", **person(name="陈国华", id_number=""))
    there = {"address": "长江路12号三栋502", "area": area.pk}

    asked = post(desk, enrolment, "home", **there)
    assert "朱秀兰" in asked.content.decode()
    assert reloaded(enrolment).resident is None

    post(desk, enrolment, "home", **there, same_home=str(other.household_id))
    assert resident_of(reloaded(enrolment)).household == other.household
    assert reloaded(other.household).door_code == "1234#"


def test_without_a_home_the_later_steps_lead_back(desk: Client) -> None:
    enrolment = begin(desk)

    for step in ("contacts", "guardian", "consents", "devices", "preferences", "test"):
        answer = desk.get(f"/desk/enrol/{enrolment.pk}/{step}/")
        assert answer["Location"] == f"/desk/enrol/{enrolment.pk}/person/", step


def test_contacts_are_called_in_the_order_they_are_put_in(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    for name in ("王丽", "王强"):
        post(
            desk, enrolment, "contacts", name=name, relation="son", phone=a_phone(),
            language="zh-hans",
        )  # fmt: skip
    resident = resident_of(enrolment)
    second = resident.contacts.get(name="王强")

    desk.post(f"/desk/residents/{resident.pk}/contacts/{second.pk}/up/")

    assert [each.name for each in resident.contacts.all()] == ["王强", "王丽"]


def test_unconfirmed_contacts_are_warned_of_and_block_nothing(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    a_contact(resident=resident_of(enrolment))

    page = desk.get(f"/desk/enrol/{enrolment.pk}/contacts/", headers={"Accept-Language": "en"})
    answer = post(desk, enrolment, "contacts", go_on="1")

    assert "has not confirmed" in page.content.decode()
    assert answer["Location"].endswith("/guardian/")


def test_a_guardian_needs_a_paper(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    contact = a_contact(resident=resident_of(enrolment))
    said = {
        "contact": contact.pk,
        "ground": "part",
        "proof": "kin",
        "since": "2026-11-23",
        "review_on": "2027-11-23",
    }

    assert post(desk, enrolment, "guardian", **said).status_code == 422
    assert not contact.guardianships.exists()

    post(desk, enrolment, "guardian", **said, document="户口簿 12")
    paper = contact.guardianships.get()
    assert (paper.ground, paper.document, paper.verified_at) == ("part", "户口簿 12", None)
    assert not reloaded(contact).is_guardian


def test_each_consent_is_an_answer_of_its_own_and_keeps_its_purpose(
    desk: Client, area: Area
) -> None:
    enrolment = a_person_at_home(desk, area)

    post(desk, enrolment, "consents", **{"item-alerts": "yes", "item-health": "no"})

    resident = resident_of(enrolment)
    assert consents_in_force(resident.pk) == {"alerts"}
    consent = Consent.objects.get()
    assert (consent.given_by, bool(consent.purpose)) == (f"resident:{resident.pk}", True)


def test_a_guardian_answers_for_the_resident(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    guardian = a_guardian(resident=resident_of(enrolment))

    post(desk, enrolment, "consents", **{"item-visits": "yes", "given_by": str(guardian.pk)})

    assert Consent.objects.get().given_by == f"contact:{guardian.pk}"


def test_a_device_is_taken_in_by_its_code_however_it_is_typed(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    device = Device.objects.create(kind="sos_button", external_id="861", created_at=NOON)
    code = issue_claim_code(device, by="user:1", now=NOON).lower().replace(":", " ")

    post(desk, enrolment, "devices", code=code, room="床头")

    device = reloaded(device)
    assert (device.resident, device.room) == (resident_of(enrolment), "床头")


def test_a_device_of_another_home_and_an_unknown_code_are_refused(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    elsewhere = Device.objects.create(
        kind="sos_button", external_id="862", household=a_household(), created_at=NOON
    )
    code = issue_claim_code(elsewhere, by="user:1", now=NOON)

    assert post(desk, enrolment, "devices", code=code).status_code == 422
    assert post(desk, enrolment, "devices", code="YIAN:862:AAAAAAAA").status_code == 422
    assert reloaded(elsewhere).household != resident_of(enrolment).household


def test_a_device_behind_a_gateway_finds_the_only_one_of_the_home(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)
    home = resident_of(enrolment).household
    gateway = Device.objects.create(
        kind="gateway", adapter="zigbee2mqtt", household=home, created_at=NOON
    )
    button = Device.objects.create(
        kind="sos_button", adapter="zigbee2mqtt", external_id="0x01", created_at=NOON
    )

    post(desk, enrolment, "devices", code=issue_claim_code(button, by="user:1", now=NOON))

    assert reloaded(button).gateway == gateway


def test_preferences_keep_the_hour_of_the_ok_and_the_quiet_hours(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)

    post(
        desk, enrolment, "preferences", language="zh-hans", dialect="wu", channels=["voice"],
        quiet_from="21:00", quiet_until="07:00", ok_at="09:30",
    )  # fmt: skip

    resident = resident_of(enrolment)
    resident.refresh_from_db()
    chosen = Preference.objects.get(person=f"resident:{resident.pk}")
    assert (str(resident.ok_at), resident.dialect) == ("09:30:00", "wu")
    assert str(chosen.quiet_from) == "21:00:00"


def test_reminders_that_fall_into_the_quiet_hours_are_named_at_once(
    desk: Client, area: Area
) -> None:
    enrolment = a_person_at_home(desk, area)
    a_reminder(resident=resident_of(enrolment), text="降压药", times=[time(22, 30), time(8)])

    answer = post(
        desk, enrolment, "preferences", language="zh-hans", dialect="wu", channels=["voice"],
        quiet_from="21:00", quiet_until="07:00",
    )  # fmt: skip

    page = desk.get(answer["Location"]).content.decode()
    assert "“降压药”：22:30 不会提醒，07:00 之前是免打扰时间。" in page


def test_quiet_hours_with_one_end_are_mended_first(desk: Client, area: Area) -> None:
    enrolment = a_person_at_home(desk, area)

    answer = post(
        desk, enrolment, "preferences", language="zh-hans", dialect="wu", channels=["voice"],
        quiet_from="21:00",
    )  # fmt: skip

    assert answer.status_code == 422
    assert resident_of(reloaded(enrolment)).dialect == "mandarin"


def test_an_enrolment_of_another_area_does_not_exist(desk: Client) -> None:
    elsewhere = Enrolment.objects.create(
        area=an_area(), begun_at=NOON, begun_by="user:1", changed_at=NOON
    )

    assert desk.get(f"/desk/enrol/{elsewhere.pk}/person/").status_code == 404


def test_places_are_suggested_from_known_addresses(desk: Client, area: Area) -> None:
    known = a_household(area=area).address
    known.text = "春晖社区长江路12号3栋502室"
    known.search_text = known.text
    known.save()

    page = desk.get("/desk/enrol/places/", {"address": "长江路12号3栋"}).content.decode()

    assert f'data-area="{area.pk}"' in page
    assert re.search(r'data-place="31\.\d+,120\.\d+"', page)


def test_who_was_deleted_is_taken_in_again_only_when_they_say_so_themselves(
    desk: Client, area: Area
) -> None:
    gone = resident_of(a_person_at_home(desk, area))
    bury(gone, now=NOON)
    Resident.objects.filter(pk=gone.pk).update(id_number="", id_number_index="")
    enrolment = begin(desk)

    refused = post(desk, enrolment, "person", **person())
    assert refused.status_code == 422
    assert 'name="comes_again"' in refused.content.decode()
    post(desk, enrolment, "person", **person(comes_again="on"))
    post(desk, enrolment, "home", address="长江路12号3栋503", area=area.pk)

    assert resident_of(reloaded(enrolment)).pk != gone.pk
    assert Tombstone.objects.get(resident_id=gone.pk).lifted_by != ""
