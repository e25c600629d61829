"""Areas at the API, and looking addresses up."""

from typing import Any

import pytest

from backend.accounts.models import Role
from backend.places.actions import create_address
from backend.places.models import Area
from tests.builders import a_user, an_area, api_of, reloaded

pytestmark = pytest.mark.django_db
SQUARE = [[[120.0, 31.0], [121.0, 31.0], [121.0, 32.0], [120.0, 31.0]]]


def administrator(area: Area) -> Any:
    return api_of(a_user(role=Role.ADMINISTRATOR, area=area))


def test_an_area_is_made_below_another_with_its_outline() -> None:
    district = an_area()
    client = administrator(district)
    sent = {"parent": district.pk, "level": "street", "code": "001", "name": "运河桥街道"}
    made = client.post("/api/v1/areas/", {**sent, "polygon": SQUARE})
    assert made.status_code == 201, made.content
    assert made.json()["path"] == f"{district.path}001."
    assert made.json()["polygon"] == SQUARE
    taken = client.post("/api/v1/areas/", sent)
    assert (taken.status_code, taken.json()["code"]) == (409, "area_code_taken")


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ({"polygon": [[[1, 2]]]}, {"polygon": ["ring_too_short"]}),
        ({"level": "grid"}, {"level": ["wrong_level"]}),
        ({"level": "planet"}, {"level": ["invalid_choice"]}),
        ({"code": "1"}, {"code": ["bad_area_code"]}),
        ({"parent": 0}, {"parent": ["does_not_exist"]}),
    ],
)
def test_each_refused_entry_is_named_with_its_code(
    entry: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    district = an_area()
    sent = {"parent": district.pk, "level": "street", "code": "001", "name": "x", **entry}
    answer = administrator(district).post("/api/v1/areas/", sent)
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)


def test_code_and_parent_stay_for_ever() -> None:
    district = an_area()
    street = an_area(parent=district)
    path = f"/api/v1/areas/{street.pk}/"
    client = administrator(district)
    assert client.patch(path, {"name": "新名", "code": "999", "parent": None}).status_code == 200
    kept = reloaded(street)
    assert (kept.name, kept.code, kept.parent) == ("新名", street.code, district)
    assert client.delete(path).status_code == 204


def test_an_area_in_use_is_not_deleted_and_one_elsewhere_not_changed() -> None:
    district, other = an_area(), an_area()
    an_area(parent=district)
    client = administrator(district)
    refused = client.delete(f"/api/v1/areas/{district.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "area_in_use")
    assert client.patch(f"/api/v1/areas/{other.pk}/", {"name": "x"}).status_code == 404


def test_lists_have_outlines_only_when_asked() -> None:
    district = an_area(polygon=SQUARE)
    an_area(parent=district)
    client = api_of(a_user(role=Role.OPERATOR, area=district))
    plain = client.get("/api/v1/areas/?level=district").json()["results"]
    assert [area.keys() & {"polygon"} for area in plain] == [set()]
    drawn = client.get("/api/v1/areas/?level=district&outlines=true").json()["results"]
    assert [area["polygon"] for area in drawn] == [SQUARE]
    below = client.get(f"/api/v1/areas/?parent={district.pk}").json()["results"]
    assert [area["level"] for area in below] == ["street"]


def test_addresses_are_looked_up_in_ones_own_area() -> None:
    ours, theirs = an_area(), an_area()
    for area in (ours, theirs):
        create_address(area=area, text="长江路12号春晖新村", lat=31.57, lon=120.30)
    operator = api_of(a_user(role=Role.OPERATOR, area=ours))
    found = operator.get("/api/v1/places/", {"q": "长江路12号"}).json()
    assert [(place["area"], place["source"]) for place in found] == [(ours.pk, "address")]
