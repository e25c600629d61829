"""The daughter's telephone rings on the demo's table, and a key says that she goes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
RINGS_MS = 20_000
SPEAKS_MS = 20_000


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose telephones ring."""
    with a_district(tmp_path_factory.mktemp("district"), with_telephones=True) as running:
        running.shorten_the_ladder()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the story."""
    with a_browser() as running:
        yield running


def test_the_daughter_answers_by_a_key(browser: Browser, district: District) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 390, "height": 844})
    table = context.new_page()
    table.goto(f"{district.url}/demo/phones")
    daughter = district.seeded["stories"]["daughter"]
    telephone = table.locator(f'[data-number="{daughter["phone"]}"]')
    expect(telephone).to_be_visible(timeout=LIVE_MS)
    family = signed_in(
        a_context(browser, url=district.url, viewport={"width": 390, "height": 844}),
        district.link_of(district.named(daughter["username"])),
    )
    expect(family.get_by_text("No call for help.")).to_be_visible()

    call = district.press(by=0)

    _rings_and_asks(table, telephone_number=daughter["phone"])
    _sees_that_she_is_asked(family)
    telephone.get_by_role("button", name="1", exact=True).click()
    expect(telephone.get_by_role("list", name="What is said")).to_contain_text(
        "谢谢", timeout=SPEAKS_MS
    )
    told = family.locator("[data-fresh]")
    expect(told).to_contain_text("You are going to", timeout=LIVE_MS)
    with district.api("operator1") as operator:
        known = operator.get(f"/api/v1/calls/{call}/").json()
    assert known["accepted_by"] == f"contact:{daughter['contact']}"

    _tells_the_rest_on_her_page(family)


def _rings_and_asks(table: Page, *, telephone_number: str) -> None:
    telephone = table.locator(f'[data-number="{telephone_number}"]')
    expect(telephone.locator("[data-state]")).to_contain_text("rings", timeout=RINGS_MS)
    assert axe_violations(table) == []
    table.get_by_role("navigation", name="Ringing now").get_by_role("button").first.wait_for()
    telephone.get_by_role("button", name="Answer").click()
    said = telephone.get_by_role("list", name="What is said")
    expect(said).to_contain_text("请按 1", timeout=SPEAKS_MS)


def _sees_that_she_is_asked(family: Page) -> None:
    expect(family.get_by_role("button", name="I am going there now")).to_be_visible()
    assert axe_violations(family) == []


def _tells_the_rest_on_her_page(family: Page) -> None:
    family.get_by_role("button", name="I have set out").click()
    expect(family.locator("[data-fresh]")).to_contain_text("You are on the way", timeout=LIVE_MS)
    family.get_by_role("button", name="I am there").click()
    expect(family.locator("[data-fresh]")).to_contain_text("You are with", timeout=LIVE_MS)
    assert axe_violations(family) == []
