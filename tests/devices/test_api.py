"""/api/v1/devices/: the registry, within one's area."""

import json
from typing import Any

import pytest
from django.test import Client

from backend.accounts import tokens
from backend.accounts.models import AccessToken, User
from backend.audit.models import AuditRow
from devices.models import Device
from tests.builders import NOON, a_device, a_household, a_resident, a_user, an_area, reloaded

pytestmark = pytest.mark.django_db

DEVICES = "/api/v1/devices/"


class Api:
    """The API as one account sees it."""

    def __init__(self, user: User) -> None:
        token = tokens.new("api")
        AccessToken.objects.create(
            user=user, kind=AccessToken.Kind.API, hash=tokens.hashed(token), created_at=NOON
        )
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self._client.generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )


def a_lead(**fields: Any) -> Api:
    return Api(a_user(role="lead", **fields))


def test_a_new_device_gets_its_token_once_and_can_send_with_it() -> None:
    home = a_household()
    resident = a_resident(household=home)
    lead = a_lead(area=home.address.area)
    about = {"kind": "sos_button", "household": str(home.pk), "resident": str(resident.pk)}

    answer = lead("POST", DEVICES, {**about, "label": "Bedside"})

    assert answer.status_code == 201
    told = answer.json()
    device = Device.objects.get(pk=told["id"])
    assert tokens.hashed(told["token"]) == device.token_hash
    assert (device.resident, device.label) == (resident, "Bedside")
    assert "token" not in lead("GET", f"{DEVICES}{device.pk}/").json()
    assert AuditRow.objects.filter(subject=device.reference, action="create").exists()


def test_a_gateways_token_says_so() -> None:
    home = a_household()
    answer = a_lead(area=home.address.area)(
        "POST", DEVICES, {"kind": "gateway", "household": str(home.pk)}
    )
    assert answer.json()["token"].startswith("yian_gw_")


def test_a_repeated_request_makes_one_device() -> None:
    home = a_household()
    lead = a_lead(area=home.address.area)
    about = {"kind": "motion", "household": str(home.pk)}

    answers = [lead("POST", DEVICES, about, **{"Idempotency-Key": "one"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert Device.objects.count() == 1


def test_rotating_gives_a_new_token_and_ends_the_old_one() -> None:
    device = a_device(token_hash=tokens.hashed("old"))
    assert device.household is not None
    answer = a_lead(area=device.household.address.area)("POST", f"{DEVICES}{device.pk}/token/")

    assert answer.status_code == 200
    assert reloaded(device).token_hash == tokens.hashed(answer.json()["token"])


def test_devices_of_another_area_are_not_there() -> None:
    device = a_device()
    stranger = a_lead(area=an_area())

    assert stranger("GET", DEVICES).json()["results"] == []
    for method, path in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "token/")]:
        assert stranger(method, f"{DEVICES}{device.pk}/{path}", {}).status_code == 404
    about = {"kind": "motion", "household": str(device.household_id)}
    assert stranger("POST", DEVICES, about).status_code == 422


def test_a_device_is_given_only_to_somebody_who_lives_there() -> None:
    home, area = a_household(), an_area()
    other = a_resident(area=area)
    Device.objects.all().delete()
    lead = a_lead(area=area)
    home.address.area = area
    home.address.save()

    about = {"kind": "motion", "household": str(home.pk), "resident": str(other.pk)}
    answer = lead("POST", DEVICES, about)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_at_home")
    assert not Device.objects.exists()


def test_a_gateway_has_each_name_once() -> None:
    gateway = a_device(kind="gateway")
    a_device(resident=gateway.resident, kind="motion", gateway=gateway, external_id="hall")
    assert gateway.household is not None
    about = {"kind": "door", "household": str(gateway.household_id), "gateway": str(gateway.pk)}

    lead = a_lead(area=gateway.household.address.area)
    answer = lead("POST", DEVICES, {**about, "external_id": "hall"})

    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


def test_changing_a_device_leaves_what_was_heard_of_it_alone() -> None:
    device = a_device(battery_percent=70)
    assert device.household is not None
    lead = a_lead(area=device.household.address.area)

    answer = lead("PATCH", f"{DEVICES}{device.pk}/", {"room": "客厅", "battery_percent": 1})

    assert answer.json()["room"] == "客厅"
    assert reloaded(device).battery_percent == 70


@pytest.mark.parametrize(
    ("role", "listing", "adding"),
    [
        ("operator", 200, 403),
        ("administrator", 200, 201),
        ("caregiver", 403, 403),
        ("family", 403, 403),
    ],
)
def test_who_may_see_and_who_may_add(role: str, listing: int, adding: int) -> None:
    home = a_household()
    api = Api(a_user(role=role, area=home.address.area))

    assert api("GET", DEVICES).status_code == listing
    about = {"kind": "motion", "household": str(home.pk)}
    assert api("POST", DEVICES, about).status_code == adding


def test_the_list_is_narrowed_by_kind_home_and_resident() -> None:
    one = a_device(kind="motion")
    assert one.household is not None
    two = a_device(resident=one.resident, kind="door")
    api = a_lead(area=one.household.address.area)

    def keys(query: str) -> set[str]:
        return {each["id"] for each in api("GET", f"{DEVICES}?{query}").json()["results"]}

    assert keys("kind=door") == {str(two.pk)}
    assert keys(f"household={one.household_id}") == {str(one.pk), str(two.pk)}
    assert keys(f"resident={one.resident_id}&kind=motion") == {str(one.pk)}
    assert keys("household=nonsense") == set()
