"""The daughter sets a reminder; the telephone asks her mother, a key answers, the daughter sees."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 8_000
RINGS_MS = 90_000
"""The next whole minute, and as long as a telephone takes."""
SPEAKS_MS = 20_000
NARROW = {"width": 390, "height": 844}
WHAT = "one white tablet, after breakfast"
SOON_S = 15


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose telephones ring."""
    with a_district(tmp_path_factory.mktemp("district"), with_telephones=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the story."""
    with a_browser() as running:
        yield running


def test_the_daughter_sets_a_reminder_and_the_mother_answers_by_key(
    browser: Browser, district: District
) -> None:
    table = a_context(browser, url=district.url, viewport=NARROW).new_page()
    table.goto(f"{district.url}/demo/phones")
    elders = district.account("resident", 0)
    daughter = signed_in(
        a_context(browser, url=district.url, viewport=NARROW),
        district.link_of(district.named(district.seeded["stories"]["daughter"]["username"])),
    )

    _sets_a_reminder(daughter)
    elder = signed_in(
        a_context(browser, url=district.url, viewport=NARROW, has_touch=True),
        district.link_of(elders),
    )
    _answers_by_key(table, district, elder)

    expect(elder.get_by_role("button", name="Taken")).to_have_count(0, timeout=LIVE_MS)
    daughter.goto(district.url)
    told = daughter.get_by_role("listitem").filter(has_text=WHAT)
    expect(told.get_by_text("done").first).to_be_visible(timeout=LIVE_MS)
    assert axe_violations(daughter) == []


def _sets_a_reminder(page: Page) -> None:
    page.get_by_role("link", name="Set a reminder").click()
    expect(page.get_by_role("heading", name="A new reminder")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_label("What to say").fill(WHAT)
    page.get_by_label("At", exact=True).fill(f"{_next_minute():%H:%M}")
    page.get_by_label("How often").select_option("once")
    page.get_by_role("button", name="Set the reminder").click()
    expect(page.get_by_role("strong").filter(has_text=WHAT)).to_be_visible()
    assert axe_violations(page) == []


def _next_minute() -> datetime:
    """The next whole minute of the elder's wall, with time left to send the form."""
    local = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(seconds=SOON_S)
    return local.replace(second=0) + timedelta(minutes=1)


def _answers_by_key(table: Page, district: District, elder: Page) -> None:
    with district.api("operator1") as operator:
        resident = district.seeded["stories"]["elder"]["resident"]
        phone = operator.get(f"/api/v1/residents/{resident}/").json()["phone"]
    telephone = table.locator(f'[data-number="{phone}"]')
    expect(telephone.locator("[data-state]")).to_contain_text("rings", timeout=RINGS_MS)
    expect(elder.get_by_role("button", name="Taken")).to_be_visible(timeout=LIVE_MS)
    assert axe_violations(elder) == []
    telephone.get_by_role("button", name="Answer").click()
    said = telephone.get_by_role("list", name="What is said")
    expect(said).to_contain_text(WHAT, timeout=SPEAKS_MS)
    expect(said).to_contain_text("请按 1", timeout=SPEAKS_MS)
    telephone.get_by_role("button", name="1", exact=True).click()
    expect(said).to_contain_text("记下了", timeout=SPEAKS_MS)
