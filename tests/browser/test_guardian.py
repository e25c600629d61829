"""A guardian is written down at the desk and looked at twice; then she decides for her mother."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove


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


def somebody(browser: Browser, district: District, username: str, *, width: int) -> Page:
    """Somebody who is signed in."""
    context = a_context(browser, url=district.url, viewport={"width": width, "height": 844})
    return signed_in(context, district.link_of(district.named(username)))


def test_she_decides_from_the_day_on_which_a_second_person_has_looked_at_the_paper(
    browser: Browser, district: District
) -> None:
    elder = district.seeded["stories"]["elder"]["resident"]
    daughter = somebody(browser, district, "family1", width=390)
    daughter.goto(f"{district.url}/consents/")
    expect(daughter.get_by_role("button", name="Share")).to_have_count(0)

    operator = somebody(browser, district, "operator1", width=1280)
    operator.goto(f"{district.url}/desk/residents/{elder}/")
    to_the_paper = operator.locator("[data-panel]").get_by_role("button", name="Guardian")
    expect(to_the_paper).to_be_visible()
    looks_right(operator)
    to_the_paper.click()
    write_down(operator)
    expect(operator.get_by_text("a colleague has to look at the paper, too")).to_be_visible()
    looks_right(operator)
    daughter.reload()
    expect(daughter.get_by_role("button", name="Share")).to_have_count(0)

    lead = somebody(browser, district, "lead", width=1280)
    lead.goto(f"{district.url}/desk/guardians/")
    looks_right(lead)
    lead.get_by_role("button", name="I have looked at the paper: it holds").click()

    she_shares_and_takes_back(daughter)
    she_sees_who_looked(daughter, district)
    she_asks_for_a_copy(daughter, district)


def write_down(operator: Page) -> None:
    """Enter the daughter as guardian, with her paper."""
    operator.get_by_text("Enter a guardian").click()
    operator.get_by_label("Contact").select_option(index=1)
    operator.get_by_label("Why").select_option(index=1)
    operator.get_by_label("By", exact=True).select_option(index=1)
    operator.get_by_label("Document").fill("household booklet 7")
    operator.get_by_role("button", name="Enter", exact=True).click()


def she_shares_and_takes_back(daughter: Page) -> None:
    """One item, in her mother's name."""
    daughter.reload()
    looks_right(daughter)
    if not daughter.get_by_role("button", name="Share no more: visits").count():
        daughter.get_by_role("button", name="Share: visits", exact=True).click()
    daughter.get_by_role("button", name="Share no more: visits").click()
    expect(daughter.get_by_role("button", name="Share: visits", exact=True)).to_be_visible()
    looks_right(daughter)


def she_sees_who_looked(daughter: Page, district: District) -> None:
    """The operator opened her mother's page a moment ago."""
    daughter.goto(f"{district.url}/who-looked/")
    expect(daughter.get_by_role("button", name="Why did").first).to_be_visible()
    looks_right(daughter)


def she_asks_for_a_copy(daughter: Page, district: District) -> None:
    """As her guardian, from the start page on."""
    daughter.goto(district.url)
    looks_right(daughter)
    daughter.get_by_role("link", name="The data of").click()
    daughter.get_by_role("button", name="I want a copy of my data").click()
    expect(daughter.get_by_text("We have it, and look at it.")).to_be_visible()
    looks_right(daughter)
