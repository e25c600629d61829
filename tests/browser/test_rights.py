"""She asks for a copy and a correction of her data; an officer answers, she fetches and reads."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import ROOT, District, a_district

pytestmark = pytest.mark.prove

ALLERGY = "Penicillin"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for all."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with a_browser() as running:
        yield running


@pytest.fixture(scope="module")
def hers(browser: Browser, district: District) -> Page:
    """The resident, on her telephone."""
    return at_home(browser, district, "resident1", width=390)


@pytest.fixture(scope="module")
def desk(browser: Browser, district: District) -> Page:
    """The officer, at a desk."""
    return at_home(browser, district, "officer", width=1280)


def at_home(browser: Browser, district: District, username: str, *, width: int) -> Page:
    """Somebody who is signed in."""
    context = a_context(browser, url=district.url, viewport={"width": width, "height": 844})
    return signed_in(context, district.link_of(district.named(username)))


def my_data(hers: Page, district: District) -> None:
    """Her way there: from the start."""
    hers.goto(district.url)
    hers.get_by_role("link", name="My data").click()
    expect(hers.get_by_role("heading", name="My data")).to_be_visible()


def asked_for(desk: Page, district: District, kind: str) -> None:
    """The request, opened from the queue, and taken."""
    desk.goto(f"{district.url}/desk/rights/")
    looks_right(desk)
    desk.get_by_role("row").get_by_role("link", name=kind).click()
    desk.get_by_role("button", name="I take charge").click()
    expect(desk.get_by_role("button", name="I take charge")).to_have_count(0)
    looks_right(desk)


def prepare_copies(district: District) -> None:
    """What the worker does each minute; the district of the tests has none."""
    code = "from services.rights.tasks import prepare_copies; prepare_copies()"
    command = (sys.executable, "-W", "ignore", "manage.py", "shell", "-v", "0", "-c", code)
    subprocess.run(command, cwd=ROOT, env=district.web.environ, check=True)


def fetched(link: Locator, folder: Path) -> Any:
    """What a press on the link downloads."""
    with link.page.expect_download() as coming:
        link.click()
    assert coming.value.suggested_filename.endswith(".json")
    coming.value.save_as(folder / coming.value.suggested_filename)
    return json.loads((folder / coming.value.suggested_filename).read_text(encoding="utf-8"))


def test_a_copy_is_asked_prepared_and_fetched_in_both_forms(
    hers: Page, desk: Page, district: District, tmp_path: Path
) -> None:
    my_data(hers, district)
    looks_right(hers)
    hers.get_by_role("button", name="I want a copy of my data").click()
    expect(hers.get_by_text("We have it, and look at it.")).to_be_visible()
    looks_right(hers)

    asked_for(desk, district, "copy of the data")
    desk.get_by_role("button", name="Refuse").click()
    expect(desk.get_by_text("Please say why, in plain words.").first).to_be_visible()
    looks_right(desk)
    desk.get_by_role("button", name="Prepare the copy").click()
    expect(desk.get_by_text("approved, being prepared")).to_be_visible()
    hers.reload()
    expect(hers.get_by_text("Your copy is being prepared.")).to_be_visible()
    prepare_copies(district)

    hers.reload()
    looks_right(hers)
    copy = fetched(hers.get_by_role("link", name=re.compile("^Fetch the copy JSON")), tmp_path)
    assert copy["format"] == "yian-copy-1"
    assert copy["sections"]["wellbeing.reminder"]["rows"]
    bundle = fetched(hers.get_by_role("link", name="Fetch the copy for a hospital"), tmp_path)
    assert bundle["resourceType"] == "Bundle"


def test_a_correction_is_mended_as_she_types_it_and_put_right(
    hers: Page, desk: Page, district: District
) -> None:
    my_data(hers, district)
    hers.get_by_text("Something is wrong").click()
    hers.get_by_label("What is wrong?").select_option("birth_date")
    hers.get_by_label("What would be right?").fill("in spring")
    hers.get_by_role("button", name="Please put it right").click()
    expect(hers.locator("[data-error-summary]")).to_be_focused()
    expect(hers.get_by_label("What would be right?")).to_have_value("in spring")
    looks_right(hers)

    hers.get_by_label("What is wrong?").select_option("allergies")
    hers.get_by_label("What would be right?").fill(ALLERGY)
    hers.get_by_role("button", name="Please put it right").click()
    expect(hers.get_by_text(ALLERGY)).to_be_visible()
    looks_right(hers)
    hers_now = hers.url

    asked_for(desk, district, "correction")
    desk.get_by_label("What they are told").fill("It stands there now.")
    desk.get_by_role("button", name="Put it right").click()
    expect(desk.get_by_text(f"→ {ALLERGY}")).to_be_visible()
    looks_right(desk)

    hers.goto(hers_now)
    expect(hers.get_by_text("It stands there now.")).to_be_visible()
    looks_right(hers)


def test_she_reads_who_looked_because_of_what_she_asked(hers: Page, district: District) -> None:
    hers.goto(f"{district.url}/who-looked/")
    expect(hers.get_by_text("what you asked about your data").first).to_be_visible()
    looks_right(hers)
