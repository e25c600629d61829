"""Words become places: from the database without a network, from Nominatim where it is set."""

import msgspec
import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import Settings

from backend.places import geocoding
from backend.places.actions import create_address
from backend.places.errors import NoGeocoder
from backend.places.search import searchable
from tests.builders import an_area
from tests.fakes.nominatim import nominatim


def keep(text: str) -> None:
    create_address(area=an_area(), text=text, lat=31.57, lon=120.30)


def texts(wanted: str) -> list[str]:
    return [place.text for place in geocoding.Gazetteer().find(wanted, limit=3)]


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("长江路 １２号三幢", "长江路12号3栋"),
        ("Xueqian Street, No. 5", "xueqianstreetno5"),
        ("", ""),
    ],
)
def test_addresses_are_compared_without_spaces_marks_and_widths(
    written: str, compared: str
) -> None:
    assert searchable(written) == compared


@pytest.mark.django_db
def test_an_address_is_found_by_a_part_of_it_written_another_way() -> None:
    keep("长江路12号春晖新村3幢2单元502室")
    keep("人民路8号清河小区1幢1单元101室")
    assert texts("长江路１２号 春晖新村三栋") == ["长江路12号春晖新村3幢2单元502室"]


@pytest.mark.django_db
def test_an_area_named_in_the_text_is_found_by_its_middle() -> None:
    street = an_area(name="荷塘街道", polygon=[[[120, 31], [121, 31], [121, 32], [120, 31]]])
    found = geocoding.Gazetteer().find("荷塘街道某某小区", limit=3)
    assert [(place.text, place.area, place.source) for place in found] == [
        ("荷塘街道", street, "area")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", ["", "号", "天安门广场"])
def test_what_nobody_knows_is_not_guessed(nothing: str) -> None:
    keep("长江路12号春晖新村3幢2单元502室")
    assert texts(nothing) == []


@pytest.mark.django_db(transaction=True)
def test_nominatim_is_asked_when_the_database_knows_nothing(settings: Settings) -> None:
    with nominatim() as (url, asked):
        settings.ENV = msgspec.structs.replace(settings.ENV, nominatim_url=url)
        found = geocoding.find_places("学前街5号")
    assert [(place.lat, place.lon, place.source) for place in found] == [
        (31.5702, 120.3004, "nominatim")
    ]
    assert asked[0]["countrycodes"] == ["cn"]


@pytest.mark.django_db(transaction=True)
def test_a_geocoder_that_fails_is_a_refusal_with_a_code() -> None:
    with nominatim(status=500) as (url, _), pytest.raises(NoGeocoder):
        geocoding.NominatimGeocoder(url).find("学前街5号", limit=3)


@pytest.mark.django_db(transaction=True)
def test_the_network_is_not_asked_inside_a_transaction() -> None:
    with nominatim() as (url, asked), transaction.atomic(), pytest.raises(RuntimeError):
        geocoding.NominatimGeocoder(url).find("学前街5号", limit=3)
    assert asked == []


def test_without_an_address_of_nominatim_only_the_database_is_asked() -> None:
    assert settings.ENV.nominatim_url == ""
    assert [type(each) for each in geocoding.configured()] == [geocoding.Gazetteer]
