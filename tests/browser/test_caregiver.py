"""The caregiver's whole run, with a cheap telephone and a network that comes and goes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
OFFERED_MS = 15_000
AGAIN_MS = 10_000
WIDTHS = (320, 390, 1280)
SMALL_TARGETS = """() => Array.from(document.querySelectorAll("main button, main .toolbar a"))
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 48)
  .map((each) => each.textContent.trim())"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the day; one-time links serve once, so the day is one story."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        running.shorten_the_ladder()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the day."""
    with a_browser() as running:
        yield running


def a_caregivers_page(browser: Browser, district: District, which: int) -> Page:
    username = district.seeded["stories"]["caregivers"][which]["username"]
    context = a_context(
        browser,
        url=district.url,
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 31.49, "longitude": 120.31},
        permissions=["geolocation"],
    )
    page = signed_in(context, district.link_of(district.named(username)))
    expect(page.get_by_text("No call needs you now")).to_be_visible()
    return page


def test_a_caregiver_on_a_shift(browser: Browser, district: District) -> None:
    page = a_caregivers_page(browser, district, 0)
    colleague = a_caregivers_page(browser, district, 1)

    looks_right(page)
    call = _takes_the_call_that_is_offered(page, district)
    _whoever_is_second_is_told_who_goes(colleague, call)
    _keeps_what_is_noted_without_network(page, district, call)
    _ends_the_call(page, district, call)
    _shares_where_they_are(page)


def _shares_where_they_are(page: Page) -> None:
    with page.expect_response("**/care/position/") as told:
        page.get_by_label("Share my position").check()
    assert told.value.ok
    expect(page.get_by_text("The care centre sees where you are")).to_be_visible()


def _takes_the_call_that_is_offered(page: Page, district: District) -> str:
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("heading", name="Today and seven days")).to_be_visible()
    call = district.press(by=0)
    offer = page.locator(f'[data-call="{call}"]')
    expect(offer).to_be_visible(timeout=OFFERED_MS)
    page.get_by_role("link", name="Today", exact=True).click()
    expect(offer).to_contain_text("Help button")
    assert "1401" not in offer.inner_text(), "the address is told to whoever goes"
    looks_right(page)

    offer.get_by_role("button", name="10 min").click()

    expect(page.get_by_text("You are going")).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_text("Door code")).to_be_visible()
    looks_right(page)
    return call


def _whoever_is_second_is_told_who_goes(colleague: Page, call: str) -> None:
    expect(colleague.locator(f"#go-{call}")).to_have_count(0, timeout=LIVE_MS)
    refused = colleague.evaluate(
        """async (call) => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const answer = await fetch(`/api/v1/calls/${call}/accept/`, {
            method: "POST", body: "{}",
            headers: {"Content-Type": "application/json", "X-CSRFToken": token},
          });
          return [answer.status, (await answer.json()).code];
        }""",
        call,
    )
    assert refused == [409, "call_taken"]


def _keeps_what_is_noted_without_network(page: Page, district: District, call: str) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="I have set out").click()
    noted_at = datetime.now(UTC)
    expect(page.get_by_text("No network · 1 to send")).to_be_visible()
    expect(page.locator(f'[data-call="{call}"]')).to_contain_text("not sent yet")
    expect(page.get_by_text("You are on the way")).to_have_count(0)
    assert axe_violations(page) == []
    page.wait_for_timeout(3_000)

    page.context.set_offline(False)
    expect(page.get_by_text("You are on the way")).to_be_visible(timeout=AGAIN_MS)
    expect(page.locator("[data-band=waiting]")).to_be_hidden()
    with district.api("operator1") as operator:
        known = operator.get(f"/api/v1/calls/{call}/").json()
    late_s = (datetime.fromisoformat(known["on_the_way_at"]) - noted_at).total_seconds()
    assert abs(late_s) < 2


def _ends_the_call(page: Page, district: District, call: str) -> None:
    page.locator(f"#there-{call}").click()
    expect(page.locator(f'[data-call="{call}"]')).to_contain_text("You are there", timeout=LIVE_MS)
    looks_right(page)
    page.locator(f"#helped-{call}").click()
    expect(page.get_by_role("button", name="Press again to close the call")).to_be_visible()
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Press again to close the call").click()

    expect(page.get_by_role("heading", name="Over in this shift")).to_be_visible(timeout=LIVE_MS)
    with district.api("operator1") as operator:
        known = operator.get(f"/api/v1/calls/{call}/").json()
    assert (known["state"], known["outcome"]) == ("resolved", "helped")


def looks_right(page: Page) -> None:
    """Nothing wrong by axe, nothing small, nothing wider than the telephone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert axe_violations(page) == [], width
        assert page.evaluate(SMALL_TARGETS) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.set_viewport_size({"width": 390, "height": 844})
