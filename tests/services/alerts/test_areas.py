"""The map of what waits, area by area."""

import pytest
from django.test import Client

from backend.accounts.models import Role
from backend.core import clock
from backend.places.models import Area
from services.alerts.actions import raise_alert
from tests.builders import NOON, a_resident, a_user, an_area, signed_in

pytestmark = pytest.mark.django_db


def a_lead(area: Area) -> Client:
    return signed_in(a_user(role=Role.LEAD, area=area, language="en"))


def an_alert(kind: str, area: Area) -> None:
    raise_alert(kind=kind, area=area, resident=a_resident(area=area), now=NOON)


def page(lead: Client, address: str = "/desk/areas/") -> str:
    with clock.set_to(NOON):
        answer = lead.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_area_below_shows_how_much_waits_and_how_urgent_it_is() -> None:
    district = an_area()
    calm, busy = an_area(parent=district, name="Calm"), an_area(parent=district, name="Busy")
    an_alert("inactivity", an_area(parent=busy))
    an_alert("battery", busy)

    html = page(a_lead(district))

    assert html.index("Busy") < html.index("Calm")
    assert f'href="/desk/zero/?area={busy.path}" aria-label="2 in Busy">2</a>' in html
    assert "level--red" in html
    assert f"?area={calm.path}" not in html


def test_one_looks_further_into_an_area_that_has_areas() -> None:
    district = an_area()
    street = an_area(parent=district, name="Street")
    an_alert("inactivity", an_area(parent=street, name="Lotus Court"))

    html = page(a_lead(district), f"/desk/areas/?in={street.path}")

    assert f'<a href="?in={district.path}">' in html
    assert "Lotus Court" in html


def test_what_stands_at_the_area_itself_is_counted_too() -> None:
    district = an_area(name="District")
    an_alert("inactivity", district)

    assert "District itself" in page(a_lead(district))


@pytest.mark.parametrize("path", ["320299.999.", "nonsense"])
def test_an_area_that_is_not_ones_own_is_not_found(path: str) -> None:
    assert a_lead(an_area()).get(f"/desk/areas/?in={path}").status_code == 404


def test_the_area_of_others_is_not_found() -> None:
    others = an_area()

    assert a_lead(an_area()).get(f"/desk/areas/?in={others.path}").status_code == 404
