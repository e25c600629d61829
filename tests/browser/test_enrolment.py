"""Somebody comes into care in one sitting, from the person to a test press that is answered."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.people.identity import check_sign
from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

RINGS_MS = 20_000
LIVE_MS = 10_000
NUMBER = "32020319450312002"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose telephones ring."""
    with a_district(tmp_path_factory.mktemp("district"), with_telephones=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the sitting."""
    with a_browser() as running:
        yield running


def test_somebody_is_enrolled_in_one_sitting_up_to_a_test_press_that_is_answered(
    browser: Browser, district: District
) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 900})
    desk = signed_in(context, district.link_of(district.account("operator")))
    desk.goto(f"{district.url}/desk/enrol/")
    desk.get_by_role("button", name="Enrol somebody").click()

    _says_who_it_is(desk)
    _says_where_they_live(desk)
    _names_the_daughter_who_agrees_by_a_key(desk, district)
    _goes_on(desk, "Does somebody decide for them?")
    _asks_what_may_be_shared(desk)
    device = _takes_in_the_button(desk, district)
    _says_how_they_want_to_be_spoken_to(desk)
    _tests_the_button(desk, district, device)


def _says_who_it_is(page: Page) -> None:
    looks_right(page)
    page.get_by_label("Name", exact=True).fill("朱秀兰")
    page.get_by_label("Identity number", exact=True).fill(NUMBER + "0")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("This identity number has a wrong digit.").first).to_be_visible()
    looks_right(page)
    page.get_by_label("Identity number", exact=True).fill(NUMBER + check_sign(NUMBER))
    page.get_by_label("Moves").select_option("walks")
    page.get_by_role("button", name="Save and go on").click()


def _says_where_they_live(page: Page) -> None:
    expect(page.get_by_role("heading", name="Where do they live")).to_be_visible()
    page.get_by_label("Address", exact=True).fill("学前街8号南园新村9幢3单元302室")
    page.locator("#id_area").select_option(index=3)
    page.get_by_label("Door code").fill("1234#")
    looks_right(page)
    page.get_by_role("button", name="Save and go on").click()


def _names_the_daughter_who_agrees_by_a_key(page: Page, district: District) -> None:
    phone = district.seeded["stories"]["daughter"]["phone"]
    expect(page.get_by_role("heading", name="Who is called")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("朱丽")
    page.get_by_label("Relation").select_option("daughter")
    page.get_by_label("Telephone").fill(phone)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Ask by a call").click()
    table = page.context.new_page()
    table.goto(f"{district.url}/demo/phones")
    telephone = table.locator(f'[data-number="{phone}"]')
    expect(telephone.locator("[data-state]")).to_contain_text("rings", timeout=RINGS_MS)
    telephone.get_by_role("button", name="Answer").click()
    said = telephone.get_by_role("list", name="What is said")
    expect(said).to_contain_text("请按 1", timeout=RINGS_MS)
    telephone.get_by_role("button", name="1", exact=True).click()
    expect(page.locator("#checks")).to_contain_text("confirmed", timeout=RINGS_MS)
    table.close()
    looks_right(page)
    page.get_by_role("button", name="Go on").click()


def _goes_on(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Go on").click()


def _asks_what_may_be_shared(page: Page) -> None:
    expect(page.get_by_role("heading", name="What may be shared?")).to_be_visible()
    for answer in page.get_by_label("Yes").all():
        answer.check()
    looks_right(page)
    page.get_by_role("button", name="Save and go on").click()


def _takes_in_the_button(page: Page, district: District) -> dict[str, str]:
    device: dict[str, str] = district.seeded["stock"][0]
    expect(page.get_by_role("heading", name="Which devices stand in the home?")).to_be_visible()
    page.get_by_label("Code on the device").fill(device["code"].lower())
    page.get_by_label("Where it stands").fill("床头")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("not heard yet")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Go on").click()
    return device


def _says_how_they_want_to_be_spoken_to(page: Page) -> None:
    page.get_by_label("Says “I am well” by").fill("09:00")
    looks_right(page)
    page.get_by_role("button", name="Save and go on").click()


def _tests_the_button(page: Page, district: District, device: dict[str, str]) -> None:
    page.get_by_role("button", name="Begin the test").click()
    expect(page.get_by_text("Please press the button now.")).to_be_visible()
    _press(district, device)
    arrived = page.get_by_text("The press arrived and rings at the care centre")
    expect(arrived).to_be_visible()
    call = page.get_by_role("link", name="To the call")
    expect(call).to_be_visible(timeout=LIVE_MS)
    address = call.get_attribute("href") or ""
    looks_right(page)
    with district.api("operator1") as operator:
        for step in ("accept/", "resolve/"):
            path = address.replace("/desk/calls/", "/api/v1/calls/") + step
            operator.post(path, json={"outcome": "drill"}).raise_for_status()
    expect(page.get_by_text("Help comes. The enrolment is finished.")).to_be_visible(
        timeout=LIVE_MS
    )
    page.get_by_role("link", name="To the resident's page").click()
    expect(page.get_by_role("heading", name="朱秀兰")).to_be_visible()


def _press(district: District, device: dict[str, str]) -> None:
    httpx.post(
        f"{district.url}/ingest/v1/observations",
        headers={"Authorization": f"Bearer {device['token']}"},
        json={"metric": "sos", "value": True, "id": "test press"},
        timeout=20,
    ).raise_for_status()
