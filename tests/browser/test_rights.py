"""An elder asks for what is kept about her, and has what is wrong put right."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.runtime.program import ROOT
from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

PREPARE = "from services.rights.tasks import prepare_copies; prepare_copies()"
ALLERGY = "青霉素、花生"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the story."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the story."""
    with a_browser() as running:
        yield running


@pytest.fixture(scope="module")
def hers(browser: Browser, district: District) -> Page:
    """The elder's telephone."""
    context = a_context(browser, url=district.url, viewport={"width": 390, "height": 844})
    return signed_in(context, district.link_of(district.named("resident1")))


@pytest.fixture(scope="module")
def desk(browser: Browser, district: District) -> Page:
    """An officer's computer."""
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 800})
    return signed_in(context, district.link_of(district.named("officer")))


def test_a_copy_is_asked_for_by_one_press_and_fetched_as_a_file_that_others_read(
    hers: Page, desk: Page, district: District, tmp_path: Path
) -> None:
    hers.goto(f"{district.url}/my-data/")
    looks_right(hers)
    hers.get_by_role("button", name="I want a copy of my data").click()
    expect(hers.get_by_text("We have it, and look at it.")).to_be_visible()
    looks_right(hers)

    _opens_the_request(desk, district, "copy of the data")
    looks_right(desk)
    desk.get_by_role("button", name="Prepare the copy").click()
    _the_copy_is_prepared(district)

    hers.reload()
    looks_right(hers)
    own = _fetched(hers, "JSON", tmp_path)
    assert own["about"] == district.seeded["stories"]["elder"]["resident"]
    assert district.elders_name() in json.dumps(own["sections"], ensure_ascii=False)
    bundle = _fetched(hers, "FHIR", tmp_path)
    kinds = {each["resource"]["resourceType"] for each in bundle["entry"]}
    assert {"Patient", "RelatedPerson", "Consent"} <= kinds


def test_what_is_wrong_is_said_in_her_words_and_put_right(
    hers: Page, desk: Page, district: District
) -> None:
    hers.goto(f"{district.url}/my-data/")
    hers.get_by_text("Something is wrong").click()
    hers.get_by_label("What is wrong?").select_option("allergies")
    hers.get_by_role("button", name="Please put it right").click()
    expect(hers.get_by_text("This field is required.")).to_be_visible()
    looks_right(hers)
    hers.get_by_label("What would be right?").fill(ALLERGY)
    hers.get_by_role("button", name="Please put it right").click()
    expect(hers.get_by_text("We have it, and look at it.")).to_be_visible()

    _opens_the_request(desk, district, "correction")
    expect(desk.get_by_role("main")).to_contain_text(ALLERGY)
    looks_right(desk)
    desk.get_by_role("button", name="Put it right").click()
    expect(desk.get_by_role("heading", name="done")).to_be_visible()
    looks_right(desk)

    hers.reload()
    expect(hers.get_by_text("It is done.")).to_be_visible()
    looks_right(hers)
    with district.api("operator1") as operator:
        elder = district.seeded["stories"]["elder"]["resident"]
        assert operator.get(f"/api/v1/residents/{elder}/").json()["allergies"] == ALLERGY


def _opens_the_request(desk: Page, district: District, kind: str) -> None:
    desk.goto(f"{district.url}/desk/rights/")
    looks_right(desk)
    desk.get_by_role("main").get_by_role("link", name=kind).first.click()
    expect(desk.get_by_role("heading", name=kind, level=1)).to_be_visible()


def _the_copy_is_prepared(district: District) -> None:
    subprocess.run(
        (sys.executable, "manage.py", "shell", "--no-imports", "-c", PREPARE),
        cwd=ROOT,
        env=district.web.environ,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _fetched(page: Page, form: str, folder: Path) -> dict[str, Any]:
    with page.expect_download() as loading:
        page.get_by_role("link", name=form).click()
    kept = folder / form
    loading.value.save_as(kept)
    found: dict[str, Any] = json.loads(kept.read_bytes())
    return found
