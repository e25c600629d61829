"""The resident's page: one press, and being told how help comes, whatever else fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
SAID_WITHIN_MS = 5_500
"""The promise is five seconds; the rest is the machine's."""
WIDTHS = (320, 390, 1280)
SMALL_TARGETS = """() => Array.from(document.querySelectorAll("main a, main button, footer button"))
  .filter((each) => each.offsetParent)
  .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 60 || box.height < 60)
  .map(([words]) => words)"""
SMALL_TEXT = """() => Array.from(document.querySelectorAll("main *"))
  .filter((each) => each.offsetParent && !each.closest(".unseen") && each.childElementCount === 0)
  .filter((each) => each.textContent.trim() && parseFloat(getComputedStyle(each).fontSize) < 20)
  .map((each) => each.textContent.trim())"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for all stories; each uses a resident of its own."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        running.shorten_the_ladder()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all stories."""
    with a_browser() as running:
        yield running


def a_telephone(browser: Browser, district: District, **options: Any) -> BrowserContext:
    return a_context(
        browser, url=district.url, viewport={"width": 390, "height": 844}, has_touch=True, **options
    )


def at_home(context: BrowserContext, district: District, resident: int) -> Page:
    """A resident who is signed in and whose telephone has its SOS token."""
    page = context.new_page()
    with page.expect_response("**/api/v1/me/sos-tokens/"):
        page.goto(district.link_of(district.account("resident", resident)))
    while not page.evaluate("localStorage.getItem('sos-token')"):
        page.wait_for_timeout(50)
    return page


def is_told(page: Page, words: str, *, within_ms: int = LIVE_MS) -> None:
    """The part of the page about one's own call says this."""
    told = page.locator("[data-fresh]").get_by_text(words)
    expect(told.first).to_be_visible(timeout=within_ms)


def test_a_press_is_heard_and_the_page_follows_help_to_the_door(
    browser: Browser, district: District
) -> None:
    page = at_home(a_telephone(browser, district), district, 0)
    expect(page.get_by_text("Ms Chen")).to_be_visible()
    looks_right(page)

    page.locator("#help").tap()
    is_told(page, "We have your call.")
    expect(page.locator("#mistake")).to_be_visible()
    looks_right(page)
    call = page.locator("[data-fresh]").get_attribute("data-showing")

    with district.api(district.seeded["stories"]["caregivers"][0]["username"]) as caregiver:
        path = f"/api/v1/calls/{call}"
        accepted = caregiver.post(f"{path}/accept/", json={"minutes": 6}).raise_for_status()
        name = accepted.json()["accepted_by_name"]
        is_told(page, f"{name} is coming to you.")
        is_told(page, "In about 6 minutes")
        looks_right(page)
        caregiver.post(f"{path}/on-the-way/").raise_for_status()
        is_told(page, f"{name} is on the way to you.")
        caregiver.post(f"{path}/arrive/").raise_for_status()
        is_told(page, f"{name} is with you.")
        caregiver.post(f"{path}/resolve/", json={"outcome": "helped"}).raise_for_status()

    is_told(page, "You were helped.")
    page.locator("#back").tap()
    expect(page.locator("#help")).to_be_visible()


def test_a_press_that_does_not_get_through_says_so_and_goes_on_trying(
    browser: Browser, district: District
) -> None:
    page = at_home(a_telephone(browser, district), district, 1)

    district.web.kill()
    try:
        page.locator("#help").tap()
        expect(page.get_by_text("has not got through")).to_be_visible(timeout=SAID_WITHIN_MS)
        expect(page.get_by_role("link", name="Telephone for help")).to_have_attribute(
            "href", "tel:120"
        )
        expect(page.get_by_text(re.compile(r"attempt ([2-9]|\d\d)"))).to_be_visible(
            timeout=2 * SAID_WITHIN_MS
        )
        assert "We have your call" not in page.get_by_role("main").inner_text()
        assert page.locator("#help").is_enabled()
        assert axe_violations(page) == []
    finally:
        district.web.start()

    is_told(page, "We have your call.", within_ms=40_000)
    expect(page.get_by_text("has not got through")).to_be_hidden()


def test_a_telephone_without_network_never_shows_success(
    browser: Browser, district: District
) -> None:
    district.wait_until_served(district.url)
    context = a_telephone(browser, district)
    page = context.new_page()
    page.goto(district.url)

    context.set_offline(True)
    page.locator("#help").tap()
    expect(page.get_by_text("has not got through")).to_be_visible(timeout=1_000)
    expect(page.locator("[data-band=offline]")).to_be_visible()

    context.set_offline(False)
    is_told(page, "We have your call.")


def test_the_button_works_after_the_session_has_ended(browser: Browser, district: District) -> None:
    context = a_telephone(browser, district)
    page = at_home(context, district, 2)
    context.clear_cookies(name="sessionid")
    page.goto(district.url)

    page.locator("#help").tap()

    is_told(page, "We have your call.")
    call = page.locator("[data-fresh]").get_attribute("data-showing")
    with district.api("operator1") as operator:
        known = operator.get(f"/api/v1/calls/{call}/").json()
    assert known["verified"] is True
    assert known["resident"]


def test_somebody_unknown_presses_first_and_says_afterwards_who_they_are(
    browser: Browser, district: District
) -> None:
    district.close_unknown()
    page = a_telephone(browser, district).new_page()
    page.goto(district.url)
    expect(page.get_by_role("link", name="Sign in with your telephone number")).to_be_visible()
    looks_right(page)

    page.locator("#help").tap()
    page.get_by_label("Your name").fill("张伟")
    page.get_by_label("Where you are").fill("桥头的公交站")
    looks_right(page)
    page.get_by_role("button", name="Tell the care centre").tap()

    expect(page.get_by_text("The care centre has it now.")).to_be_visible(timeout=LIVE_MS)
    call = page.locator("[data-fresh]").get_attribute("data-showing")
    with district.api("operator1") as operator:
        known = operator.get(f"/api/v1/calls/{call}/").json()
    assert (known["verified"], known["resident_name"]) == (False, "张伟")
    assert known["place"]["address"] == "桥头的公交站"


def looks_right(page: Page) -> None:
    """Large enough, strong enough, and nowhere wider than the telephone, with large text too."""
    language = page.locator("html").get_attribute("lang")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        for large in (False, True):
            page.evaluate(
                "(on) => document.documentElement.classList.toggle('text-large', on)", large
            )
            where = f"{language} {width} {'large' if large else ''}"
            assert axe_violations(page) == [], where
            assert contrast_below_seven(page) == [], where
            assert page.evaluate(SMALL_TARGETS) == [], where
            assert page.evaluate(SMALL_TEXT) == [], where
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.classList.remove('text-large')")


def contrast_below_seven(page: Page) -> list[str]:
    options = {
        "runOnly": ["color-contrast-enhanced"],
        "rules": {"color-contrast-enhanced": {"enabled": True}},
    }
    found = Axe().run(page, options=options).response["violations"]
    return [node["html"][:120] for each in found for node in each["nodes"]]
