"""A complaint is answered, the telephone asks if it was put right, and only then is it closed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
RINGS_MS = 20_000
SPEAKS_MS = 30_000


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


def test_a_complaint_is_closed_after_check_back(browser: Browser, district: District) -> None:
    table = a_context(browser, url=district.url, viewport=WIDE).new_page()
    table.goto(f"{district.url}/demo/phones")
    telephone = table.locator(f'[data-number="{_phone(district)}"]')
    elder = signed_in(
        a_context(browser, url=district.url, viewport=NARROW),
        district.link_of(district.named("resident1")),
    )
    desk = signed_in(
        a_context(browser, url=district.url, viewport=WIDE),
        district.link_of(district.named("officer")),
    )

    complaint = _complains(elder, district)
    _answers(desk, f"{district.url}/desk/complaints/{complaint}/")
    expect(telephone.locator("[data-state]")).to_contain_text("rings", timeout=RINGS_MS)
    telephone.get_by_role("button", name="Answer").click()
    said = telephone.get_by_role("list", name="What is said")
    expect(said).to_contain_text("请按 1", timeout=SPEAKS_MS)
    telephone.get_by_role("button", name="1", exact=True).click()
    expect(said).to_contain_text("办结", timeout=SPEAKS_MS)

    desk.reload()
    expect(desk.get_by_role("heading", name="Closed")).to_be_visible()
    looks_right(desk)
    elder.reload()
    expect(elder.get_by_role("main")).to_contain_text("put right")
    looks_right(elder)


def _phone(district: District) -> str:
    elder = district.seeded["stories"]["elder"]
    phone: str = elder["phone"]
    return phone


def _complains(page: Page, district: District) -> str:
    page.goto(f"{district.url}/complaints/new/")
    looks_right(page)
    page.get_by_label("What happened?").fill("午餐是冷的。")
    page.get_by_role("button", name=re.compile("^Send it")).click()
    expect(page.get_by_text("We look into it.")).to_be_visible()
    looks_right(page)
    return page.url.rstrip("/").rpartition("/")[2]


def _answers(page: Page, address: str) -> None:
    page.goto(address)
    looks_right(page)
    page.get_by_role("button", name="I take charge").click()
    page.get_by_label("What was found and done").fill("食堂已换保温箱。")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="Was it put right?")).to_be_visible()
    looks_right(page)


def looks_right(page: Page) -> None:
    """Nothing wrong by axe, and not wider than the screen."""
    assert axe_violations(page) == [], page.url
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not too_wide, f"{page.url} is wider than the screen"
