"""Who has no smartphone rings one number: the menu, the desk, a person to speak with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
SPEAKS_MS = 20_000
RINGS_MS = 20_000


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose telephones ring."""
    with a_district(tmp_path_factory.mktemp("district"), with_telephones=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all stories."""
    with a_browser() as running:
        yield running


@pytest.fixture(scope="module")
def table(browser: Browser, district: District) -> Page:
    """The demo's telephones."""
    page = a_context(browser, url=district.url, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{district.url}/demo/phones")
    return page


@pytest.fixture(scope="module")
def desk(browser: Browser, district: District) -> Page:
    """The first operator's console, with a telephone beside it."""
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 800})
    page = signed_in(context, district.link_of(district.account("operator", 0)))
    page.get_by_role("button", name="Play the ring").click()
    page.get_by_role("button", name="I hear it", exact=True).click()
    return page


def telephone(table: Page, number: str) -> Locator:
    return table.locator(f'[data-number="{number}"]')


def press(phone: Locator, key: str) -> None:
    phone.get_by_role("button", name=key, exact=True).click()


def said(phone: Locator) -> Locator:
    return phone.get_by_role("list", name="What is said")


def put_on_the_table(table: Page, number: str) -> Locator:
    table.get_by_role("searchbox", name="Name or number").fill(number)
    table.get_by_role("button", name="Put on the table").click()
    phone = telephone(table, number)
    expect(phone).to_be_visible(timeout=LIVE_MS)
    return phone


def test_the_elder_hears_the_menu_by_name_and_when_somebody_comes(
    table: Page, district: District
) -> None:
    elder = telephone(table, district.seeded["stories"]["elder"]["phone"])
    expect(elder).to_be_visible(timeout=LIVE_MS)

    elder.get_by_role("button", name="Ring the care centre").click()

    expect(said(elder)).to_contain_text("女士您好", timeout=SPEAKS_MS)
    expect(said(elder)).to_contain_text("需要帮助，请按 1", timeout=SPEAKS_MS)
    press(elder, "3")
    expect(said(elder)).to_contain_text("下一次上门服务", timeout=SPEAKS_MS)
    expect(elder.locator("[data-state]")).to_contain_text("hung up", timeout=SPEAKS_MS)
    assert axe_violations(table) == []


def test_the_desk_sees_who_is_on_the_phone_and_speaks_with_them(
    table: Page, desk: Page, district: District
) -> None:
    stories = district.seeded["stories"]
    elder, name = telephone(table, stories["elder"]["phone"]), district.elders_name()

    elder.get_by_role("button", name="Ring the care centre").click()
    caller = desk.locator("#on-the-phone")
    expect(caller).to_contain_text(f"{name} is on the phone.", timeout=LIVE_MS)
    assert axe_violations(desk) == []
    press(elder, "0")
    beside = telephone(table, stories["desk_phones"][0])
    expect(beside.locator("[data-state]")).to_contain_text("rings", timeout=RINGS_MS)
    beside.get_by_role("button", name="Answer").click()
    expect(said(beside)).to_contain_text("要接听，请按 1", timeout=SPEAKS_MS)
    press(beside, "1")

    expect(elder.locator("[data-state]")).to_contain_text("speaks with", timeout=SPEAKS_MS)
    expect(caller).to_contain_text("is speaking with them.", timeout=LIVE_MS)
    caller.get_by_role("link").click()
    expect(desk).to_have_url(f"{district.url}/desk/residents/{stories['elder']['resident']}/")
    expect(desk.locator("[data-band=caller]")).to_contain_text(name, timeout=LIVE_MS)
    beside.get_by_role("button", name="Hang up").click()
    expect(elder.locator("[data-state]")).to_contain_text("hung up", timeout=SPEAKS_MS)
    expect(desk.locator("[data-band=caller]")).to_be_hidden(timeout=LIVE_MS)
    with district.api("operator1") as operator:
        [call] = operator.get("/api/v1/calls/?state=open").json()["results"]
        story = operator.get(f"/api/v1/calls/{call['id']}/timeline/").json()
    assert call["kind"] == "consultation"
    assert {"call.put_through", "call.hung_up"} <= {each["type"] for each in story}


def test_help_is_one_key_at_once_while_the_menu_is_said(
    table: Page, desk: Page, district: District
) -> None:
    desk.goto(f"{district.url}/desk/")
    elder = telephone(table, district.seeded["stories"]["elder"]["phone"])
    elder.get_by_role("button", name="Ring the care centre").click()
    expect(said(elder)).to_contain_text("女士您好", timeout=SPEAKS_MS)

    press(elder, "1")

    expect(said(elder)).to_contain_text("马上有人打回给您", timeout=SPEAKS_MS)
    expect(desk.locator("html[data-ringing]")).to_have_count(1, timeout=LIVE_MS)
