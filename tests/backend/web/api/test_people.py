"""People at the API: in scope, masked in lists, whole with an audit row, refused by field."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import Role
from backend.audit.models import AuditRow
from backend.people import routes
from backend.people.models import Contact, Household, Resident
from backend.places.models import Area
from tests.builders import (
    a_caregiver,
    a_contact,
    a_guardian,
    a_household,
    a_resident,
    a_ringing_call,
    a_user,
    an_area,
    api_of,
    reloaded,
)

pytestmark = pytest.mark.django_db
PHONE = "+8613812341234"
SENSITIVE = {"id_number", "second_phone", "conditions", "allergies", "medicines", "responder_notes"}


def desk(area: Area, role: Role = Role.OPERATOR) -> APIClient:
    return api_of(a_user(role=role, area=area))


def problem(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


@pytest.fixture
def chen() -> Resident:
    """A resident about whom everything is known."""
    return a_resident(phone=PHONE, conditions="高血压", allergies="青霉素")


def reads_about(resident: Resident) -> list[AuditRow]:
    return list(AuditRow.objects.filter(action="read", resident_id=resident.pk))


def test_a_list_shows_masked_numbers_and_leaves_no_audit_row(chen: Resident) -> None:
    answer = desk(chen.area).get("/api/v1/residents/").json()
    (listed,) = answer["results"]
    assert (listed["name"], listed["phone"]) == ("陈桂英", "138****1234")
    assert not SENSITIVE & listed.keys()
    assert reads_about(chen) == []


def test_reading_one_shows_everything_and_is_written_down(chen: Resident) -> None:
    client = desk(chen.area)
    shown = client.get(f"/api/v1/residents/{chen.pk}/").json()
    assert (shown["phone"], shown["conditions"]) == (PHONE, "高血压")
    (row,) = reads_about(chen)
    assert set(row.fields) == SENSITIVE - {"id_number"} | {"phone"}
    assert row.actor.startswith("user:")


def test_an_auditor_sees_neither_names_nor_numbers(chen: Resident) -> None:
    auditor = desk(chen.area, Role.AUDITOR)
    for path in ("/api/v1/residents/", "/api/v1/contacts/"):
        a_contact(resident=chen, name="王丽", phone=PHONE)
        text = auditor.get(path).content.decode()
        assert "陈桂英" not in text
        assert "王丽" not in text
        assert "13812341234" not in text
    shown = auditor.get(f"/api/v1/residents/{chen.pk}/").json()
    assert (shown["name"], shown["phone"]) == ("陈**", "138****1234")
    assert not SENSITIVE & shown.keys()


def test_a_family_sees_their_own_without_health_and_nobody_elses(chen: Resident) -> None:
    user = a_user(role=Role.FAMILY)
    user.contacts.add(a_contact(resident=chen))
    daughter = api_of(user)
    shown = daughter.get(f"/api/v1/residents/{chen.pk}/").json()
    assert shown["name"] == "陈桂英"
    assert not SENSITIVE & shown.keys()
    stranger = a_resident(area=chen.area)
    problem(daughter.get(f"/api/v1/residents/{stranger.pk}/"), 404)
    assert len(daughter.get("/api/v1/residents/").json()["results"]) == 1


def test_a_resident_reads_everything_about_themselves(chen: Resident) -> None:
    own = api_of(a_user(role=Role.RESIDENT, resident=chen))
    assert own.get(f"/api/v1/residents/{chen.pk}/").json()["conditions"] == "高血压"
    assert own.get(f"/api/v1/households/{chen.household_id}/").json()["door_code"] == "1357#"


def test_another_area_is_as_if_it_did_not_exist(chen: Resident) -> None:
    contact, home = a_contact(resident=chen), chen.household
    outside = desk(an_area(), Role.LEAD)
    for path in (
        f"residents/{chen.pk}",
        f"contacts/{contact.pk}",
        f"households/{home.pk}",
        f"caregivers/{a_caregiver(area=chen.area).pk}",
    ):
        problem(outside.get(f"/api/v1/{path}/"), 404)
        problem(outside.patch(f"/api/v1/{path}/", {"name": "x"}), 404)
    moved_in = {"household": str(home.pk), "name": "x"}
    body = problem(outside.post("/api/v1/residents/", moved_in), 422)
    assert body["fields"] == {"household": ["does_not_exist"]}


def test_a_resident_is_enrolled_and_changed_through_the_api() -> None:
    home = a_household()
    client = desk(home.address.area)
    made = client.post(
        "/api/v1/residents/",
        {
            "household": str(home.pk),
            "name": "陈桂英",
            "id_number": "11010519491231002X",
            "phone": "190 0000 0001",
            "living": ["alone"],
        },
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["birth_date"], body["phone"]) == ("1949-12-31", "+8619000000001")
    path = f"/api/v1/residents/{body['id']}/"
    changed = client.patch(path, {"medicines": "二甲双胍"}).json()
    assert (changed["medicines"], changed["id_number"]) == ("二甲双胍", "1101**********002X")
    problem(client.put(path, {"name": "x"}), 422)


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ({"phone": "12"}, {"phone": ["bad_phone"]}),
        ({"second_phone": "12"}, {"second_phone": ["bad_phone"]}),
        ({"id_number": "123"}, {"id_number": ["id_number_length"]}),
        ({"sex": "x"}, {"sex": ["invalid_choice"]}),
        ({"birth_date": "tomorrow"}, {"birth_date": ["invalid"]}),
        ({"name": ""}, {"name": ["blank"]}),
        ({"conditions": "x" * 2001}, {"conditions": ["max_length"]}),
    ],
)
def test_each_refused_entry_is_named_with_its_code(
    chen: Resident, entry: dict[str, str], fields: dict[str, list[str]]
) -> None:
    body = problem(desk(chen.area).patch(f"/api/v1/residents/{chen.pk}/", entry), 422)
    assert (body["code"], body["fields"]) == ("invalid", fields)


def test_what_is_not_asked_for_is_not_written(chen: Resident) -> None:
    other = an_area()
    sent = {"area": other.pk, "life_state": "died", "phone_index": "x", "name": "陈小英"}
    assert desk(chen.area).patch(f"/api/v1/residents/{chen.pk}/", sent).status_code == 200
    kept = reloaded(chen)
    assert (kept.name, kept.area, kept.life_state) == ("陈小英", chen.area, "home")
    assert kept.phone_index == chen.phone_index


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("phone=138 1234 1234", 1),
        ("phone=13812341235", 0),
        ("phone=nonsense", 0),
        ("name=陈", 1),
        ("name=王", 0),
        ("life_state=home", 1),
        ("area=0", 0),
        ("area=x", 0),
    ],
)
def test_residents_are_found_by_number_and_name(chen: Resident, query: str, found: int) -> None:
    answer = desk(chen.area).get(f"/api/v1/residents/?{query}").json()
    assert len(answer["results"]) == found


def test_pages_follow_one_another_without_loss() -> None:
    area = an_area()
    home = a_household(area=area)
    wanted = {str(a_resident(household=home, name="王秀英").pk) for _ in range(7)}
    client, seen = desk(area), []
    address: str | None = "/api/v1/residents/?limit=3"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert (set(seen), len(seen)) == (wanted, 7)


def test_a_day_in_hospital_is_recorded(chen: Resident) -> None:
    client = desk(chen.area)
    Resident.objects.update(life_state_since="2026-01-01")
    body = {"state": "hospital", "since": "2026-01-02", "expected_until": "2026-01-09"}
    answer = client.post(f"/api/v1/residents/{chen.pk}/life-state/", body).json()
    assert (answer["life_state"], answer["life_state_since"]) == ("hospital", "2026-01-02")
    body = {"state": "home", "since": "2026-01-01"}
    refused = problem(client.post(f"/api/v1/residents/{chen.pk}/life-state/", body), 422)
    assert refused["fields"] == {"since": ["before_last_change"]}


def test_who_is_called_first_is_said_at_once_for_all(chen: Resident) -> None:
    first, second = (a_contact(resident=chen) for _ in range(2))
    client, path = desk(chen.area), f"/api/v1/residents/{chen.pk}/contact-order/"
    answer = client.put(path, {"order": [str(second.pk), str(first.pk)]}).json()
    assert [contact["id"] for contact in answer] == [str(second.pk), str(first.pk)]
    assert list(chen.contacts.order_by("order")) == [second, first]
    refused = problem(client.put(path, {"order": [str(first.pk)]}), 422)
    assert refused["fields"] == {"order": ["not_each_once"]}


def test_a_contact_comes_and_goes(chen: Resident) -> None:
    client = desk(chen.area)
    sent = {
        "resident": str(chen.pk),
        "name": "王丽",
        "relation": "daughter",
        "phone": "13912345678",
        "minutes_to_door": 25,
    }
    made = client.post("/api/v1/contacts/", sent).json()
    assert (made["order"], made["phone"], made["minutes_to_door"]) == (1, "+8613912345678", 25)
    listed = client.get(f"/api/v1/contacts/?resident={chen.pk}").json()["results"]
    assert [contact["phone"] for contact in listed] == ["139****5678"]
    assert client.get("/api/v1/contacts/?resident=x").json()["results"] == []
    assert client.delete(f"/api/v1/contacts/{made['id']}/").status_code == 204
    assert not Contact.objects.exists()


@pytest.fixture
def no_route_in_china() -> Iterator[None]:
    """As with a provider that cannot ring mainland China."""
    before = routes._checks[:]
    routes._checks[:] = [lambda phone: not phone.startswith("+86")]
    yield
    routes._checks[:] = before


@pytest.mark.usefixtures("no_route_in_china")
def test_enrolling_somebody_nobody_can_reach_is_answered_with_a_warning(chen: Resident) -> None:
    sent = {"resident": str(chen.pk), "name": "王丽", "relation": "daughter"}
    client = desk(chen.area)
    here = client.post("/api/v1/contacts/", {**sent, "phone": "13912345678"}).json()
    abroad = client.post("/api/v1/contacts/", {**sent, "phone": "+44 20 7946 0958"}).json()
    assert here["warnings"] == [{"code": "no_route"}]
    assert abroad["warnings"] == []


def test_a_repeated_post_enrols_once() -> None:
    home = a_household()
    client, sent = desk(home.address.area), {"household": str(home.pk), "name": "陈桂英"}
    answers = [
        client.post("/api/v1/residents/", sent, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Resident.objects.count() == 1


def test_who_has_a_history_is_not_deleted(chen: Resident) -> None:
    lead = desk(chen.area, Role.LEAD)
    a_ringing_call(resident=chen)
    assert problem(lead.delete(f"/api/v1/residents/{chen.pk}/"), 409)["code"] == "person_in_use"
    home = chen.household_id
    assert problem(lead.delete(f"/api/v1/households/{home}/"), 409)["code"] == "household_in_use"


def test_a_home_is_made_with_the_position_of_a_chinese_map_and_its_door_is_hidden() -> None:
    area = an_area()
    client = desk(area)
    sent = {"area": area.pk, "address": "长江路12号", "lat": 31.57, "lon": 120.30, "datum": "gcj02"}
    made = client.post("/api/v1/households/", {**sent, "door_code": "2580#"}).json()
    assert made["door_code"] == "2580#"
    assert made["lat"] != 31.57
    (listed,) = client.get("/api/v1/households/").json()["results"]
    assert "door_code" not in listed
    refused = problem(client.post("/api/v1/households/", {**sent, "lat": 99}), 422)
    assert refused["fields"]["lat"] == ["bad_position"]
    assert Household.objects.count() == 1


def test_a_caregiver_says_where_they_are_and_nobody_says_it_for_them() -> None:
    caregiver, other = a_caregiver(), a_caregiver()
    own = api_of(a_user(role=Role.CAREGIVER, area=caregiver.area, caregiver=caregiver))
    here = {"lat": 31.5, "lon": 120.3}
    assert own.post(f"/api/v1/caregivers/{caregiver.pk}/position/", here).status_code == 204
    assert reloaded(caregiver).last_lat == 31.5
    problem(own.post(f"/api/v1/caregivers/{other.pk}/position/", here), 404)
    problem(desk(caregiver.area).post(f"/api/v1/caregivers/{caregiver.pk}/position/", here), 403)


def test_a_lead_puts_a_caregiver_on_duty_and_takes_it_back() -> None:
    caregiver = a_caregiver()
    lead, path = desk(caregiver.area, Role.LEAD), f"/api/v1/caregivers/{caregiver.pk}/shifts/"
    times = {"starts_at": "2999-01-01T00:00:00Z", "ends_at": "2999-01-01T08:00:00Z"}
    made = lead.post(path, times)
    assert made.status_code == 201
    assert lead.delete(f"{path}{made.json()['id']}/").status_code == 204
    assert lead.get(path).json() == []
    turned = {"starts_at": times["ends_at"], "ends_at": times["starts_at"]}
    assert problem(lead.post(path, turned), 422)["fields"] == {"ends_at": ["before_start"]}


def test_a_consent_is_given_by_the_guardian_themselves_and_withdrawn(chen: Resident) -> None:
    user = a_user(role=Role.FAMILY)
    user.contacts.add(a_guardian(resident=chen))
    guardian = api_of(user)
    sent = {"resident": str(chen.pk), "item": "health", "purpose": "女儿查看"}
    made = guardian.post("/api/v1/consents/", sent).json()
    assert made["given_by"].startswith("contact:")
    again = problem(guardian.post("/api/v1/consents/", sent), 409)
    assert again["code"] == "consent_in_force"
    assert guardian.delete(f"/api/v1/consents/{made['id']}/").status_code == 204
    assert guardian.get(f"/api/v1/consents/{made['id']}/").json()["withdrawn_at"]


def test_family_who_are_not_guardians_decide_nothing(chen: Resident) -> None:
    user = a_user(role=Role.FAMILY)
    user.contacts.add(a_contact(resident=chen))
    sent = {"resident": str(chen.pk), "item": "health", "purpose": "x"}
    refused = problem(api_of(user).post("/api/v1/consents/", sent), 409)
    assert refused["code"] == "not_their_guardian"
