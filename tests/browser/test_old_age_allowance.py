"""The old-age allowance comes by telephone: asked, taken by a key, and paid by two officers."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.runtime.demo import stories
from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

RUNG_MS = 20_000
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose telephones ring."""
    with a_district(tmp_path_factory.mktemp("district"), with_telephones=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the day."""
    with a_browser() as running:
        yield running


def at_work(browser: Browser, district: District, username: str) -> Page:
    """An officer who is signed in."""
    size: dict[str, int] = {"width": 1280, "height": 800}
    context = a_context(browser, url=district.url, viewport=size)
    return signed_in(context, district.link_of(district.named(username)))


def looks_right(page: Page) -> None:
    """Nothing wrong by axe, and nowhere wider than the screen."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert axe_violations(page) == [], f"{page.url} at {width}"
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not too_wide, f"{page.url} is wider than {width}"


def press(district: District, key: str) -> str:
    """The elder's telephone rings; it is answered by a key. What it said."""
    phone = f"{district.url}/demo/v1/phones/{stories.ELDER_PHONE}"
    said = ""
    for _time in range(RUNG_MS // 500):
        answer = httpx.post(f"{phone}/keys", json={"digits": key})
        if answer.status_code == 202:
            break
        httpx.get(f"{phone}/events", params={"since": 0, "wait": 0.5})
    for _time in range(RUNG_MS // 500):
        events = httpx.get(f"{phone}/events", params={"since": 0}).json()["events"]
        said = "".join(each["text"] or "" for each in events if each["type"] == "call.said")
        if "已经记下" in said:
            break
        httpx.get(f"{phone}/events", params={"since": events[-1]["seq"], "wait": 0.5})
    return said


def test_it_is_asked_by_telephone_taken_by_a_key_and_paid_by_two_officers(
    browser: Browser, district: District
) -> None:
    clerk, county = (at_work(browser, district, name) for name in ("officer_street1", "officer"))

    clerk.goto(f"{district.url}/desk/offers/")
    looks_right(clerk)
    clerk.get_by_role("link", name="陈桂英").click()
    looks_right(clerk)
    offer = clerk.url
    clerk.get_by_role("button", name="Ask by telephone now").click()
    said = press(district, "1")

    assert "您可以领高龄津贴，每月100 元。" in said
    assert "已经记下" in said
    clerk.goto(offer)
    clerk.get_by_label(re.compile("the person lives")).check()
    clerk.get_by_label(re.compile("household register")).check()
    clerk.get_by_label(re.compile("No other place")).check()
    clerk.get_by_label("Account it is paid to").fill("6222 0000 0000 0001")
    looks_right(clerk)
    clerk.get_by_role("button", name="Checked").click()
    expect(clerk.get_by_text("a colleague must confirm it")).to_be_visible()
    county.goto(offer)
    county.get_by_role("button", name="Confirm", exact=True).click()
    expect(county.get_by_text("confirmed:")).to_be_visible()
    county.get_by_role("link", name="The kept ruling").click()
    expect(county.get_by_text("as it was kept")).to_be_visible()
    looks_right(county)
    county.goto(f"{district.url}/desk/policy/")
    looks_right(county)


def test_an_assessment_is_filled_on_a_telephone(browser: Browser, district: District) -> None:
    page = at_work(browser, district, "officer_street2")
    page.goto(f"{district.url}/care/ability/")
    looks_right(page)
    page.locator("a[href*='/care/ability/of/']").first.click()
    looks_right(page)
    page.set_viewport_size({"width": 390, "height": 844})
    groups = page.locator("fieldset.field")
    expect(groups).to_have_count(26)
    for number in range(26):
        groups.nth(number).get_by_role("radio").first.check()
    page.get_by_role("button", name="I sign as the first assessor").click()

    expect(page.get_by_text("90 / 90")).to_be_visible()
    looks_right(page)
