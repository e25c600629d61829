"""Lunch for every weekday: ordered in three steps, passed on, brought, rated, all on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
LIVE_MS = 8_000


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the day."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the day."""
    with a_browser() as running:
        yield running


def somebody(browser: Browser, district: District, username: str, size: dict[str, int]) -> Page:
    """Somebody who is signed in, in English."""
    context = a_context(browser, url=district.url, viewport=size)
    return signed_in(context, district.named(username)["sign_in_link"])


def test_lunch_is_ordered_for_every_weekday_in_three_steps(
    browser: Browser, district: District
) -> None:
    elder = somebody(browser, district, "resident3", NARROW)
    desk = somebody(browser, district, "operator1", WIDE)

    order = _orders_lunch(elder)
    _is_passed_on(desk, order)
    provider = _opens_the_link(browser, district)
    _brings_it(provider, order)
    _is_rated(elder, order)


def _orders_lunch(page: Page) -> str:
    """The key of the first lunch: others of the district have ordered, too."""
    page.get_by_role("link", name=re.compile("I need a service")).click()
    expect(page.get_by_role("heading", name="What do you need?")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name=re.compile("Lunch")).click()
    expect(page.get_by_role("heading", name="When?")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Every weekday 11:30").click()
    expect(page.get_by_text("Ordered: every weekday at 11:30.")).to_be_visible()
    days = page.get_by_role("listitem")
    assert days.count() >= 5
    looks_right(page)
    address = days.first.get_by_role("link").get_attribute("href")
    assert address is not None
    return address.strip("/").rpartition("/")[2]


def _is_passed_on(page: Page, order: str) -> None:
    page.goto(page.url.split("/desk/", maxsplit=1)[0] + "/desk/orders/?state=waits&category=meals")
    looks_right(page)
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='/desk/orders/{order}/']"))
    expect(row).to_contain_text("comes again")
    row.get_by_role("link", name="Lunch").click()
    looks_right(page)
    page.get_by_role("button", name=re.compile("Pass on to 东门社区食堂")).click()
    expect(page.get_by_role("heading", name="What the provider says")).to_be_visible()
    looks_right(page)


def _opens_the_link(browser: Browser, district: District) -> Page:
    """The desk gives the provider a link, as its text goes out over no provider here."""
    lead = somebody(browser, district, "lead", WIDE)
    lead.goto(f"{district.url}/desk/services/")
    looks_right(lead)
    lead.get_by_role("button", name=re.compile("New link 东门社区食堂")).click()
    link = lead.get_by_role("main").get_by_role("link").first.get_attribute("href")
    assert link is not None
    page = a_context(browser, url=district.url, viewport=NARROW).new_page()
    page.goto(link)
    return page


def _brings_it(page: Page, order: str) -> None:
    looks_right(page)
    card = page.get_by_role("article").filter(has=page.locator(f"#order-{order}"))
    card.get_by_role("button", name="We bring it").click()
    card.get_by_role("button", name="On the way").click()
    card.get_by_role("button", name="It is there").click()
    expect(card).to_contain_text("done")
    looks_right(page)


def _is_rated(page: Page, order: str) -> None:
    page.goto(page.url.split("/orders/", maxsplit=1)[0] + "/orders/")
    looks_right(page)
    page.get_by_role("listitem").locator(f"a[href='/orders/{order}/']").click()
    expect(page.get_by_role("list", name="The way of the order")).to_contain_text("东门社区食堂")
    looks_right(page)
    page.get_by_role("button", name=re.compile("^very good")).click()
    expect(page.get_by_text("You gave it 5 of 5.")).to_be_visible()
    looks_right(page)


def looks_right(page: Page) -> None:
    """Nothing wrong by axe, and not wider than the screen."""
    assert axe_violations(page) == [], page.url
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not too_wide, f"{page.url} is wider than the screen"
