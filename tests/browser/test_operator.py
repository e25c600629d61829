"""The operator at the desk: by keyboard, live, and never losing a call or a word."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, StorageState, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
STALE_MS = 25_000
DOUBLE_CLICK_MS = 600
"""A second press sooner than this is no answer to the question on a button."""


class Shift:
    """Operators at their consoles; each signs in and tests the sound once."""

    def __init__(self, browser: Browser, district: District) -> None:
        """Nobody has come yet."""
        self.browser = browser
        self.district = district
        self._kept: dict[int, StorageState] = {}
        self._open: list[BrowserContext] = []

    def console(self, operator: int) -> Page:
        """The operator's board, ready to ring."""
        url = self.district.url
        context = a_context(
            self.browser,
            url=url,
            viewport={"width": 1280, "height": 800},
            storage_state=self._kept.get(operator),
        )
        self._open.append(context)
        if operator in self._kept:
            page = context.new_page()
            page.goto(f"{url}/desk/")
        else:
            page = signed_in(
                context, self.district.link_of(self.district.account("operator", operator))
            )
            page.get_by_role("button", name="Play the ring").click()
            page.get_by_role("button", name="I hear it", exact=True).click()
            self._kept[operator] = context.storage_state()
        expect(page.locator("[data-band=muted]")).to_be_hidden()
        return page

    def end(self) -> None:
        """Close the consoles: each of them fetches what happens, and would slow the next story."""
        while self._open:
            self._open.pop().close()


@pytest.fixture(scope="module")
def whole_shift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    """One district and one browser for all stories; each presses the button of its own resident."""
    folder = tmp_path_factory.mktemp("district")
    with a_browser() as browser, a_district(folder) as district:
        yield Shift(browser, district)


@pytest.fixture
def shift(whole_shift: Shift) -> Iterator[Shift]:
    """The consoles of one story."""
    yield whole_shift
    whole_shift.end()


def test_a_call_is_taken_called_back_noted_and_resolved_by_keyboard(shift: Shift) -> None:
    page = shift.console(0)
    expect(page.get_by_role("heading", name="All is quiet")).to_be_visible()
    call = shift.district.press(by=0)
    row = page.locator(f"#row-{call}")
    head = page.locator("#call-head")
    expect(row).to_be_visible(timeout=LIVE_MS)
    expect(page).to_have_title(re.compile("^● "))
    expect(page.locator("html[data-ringing]")).to_have_count(1)

    page.keyboard.press("a")
    expect(page).to_have_url(f"{shift.district.url}/desk/calls/{call}/")
    expect(head).to_contain_text("you")
    expect(page.locator("html[data-ringing]")).to_have_count(0)
    page.keyboard.press("c")
    expect(head).to_contain_text("spoken with the resident at")
    page.keyboard.press("n")
    page.keyboard.type("Fell beside the bed, no pain")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text("Fell beside the bed, no pain")
    page.keyboard.press("Tab")
    page.keyboard.press("h")
    expect(page.locator("[data-ask]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#story")).to_contain_text("to go.", timeout=LIVE_MS)
    page.keyboard.press("r")
    page.keyboard.press("1")

    expect(head).to_contain_text("helped", timeout=LIVE_MS)
    expect(row).to_have_count(0)


def answer_late(route: Route) -> None:
    """Let the board hear that the call was taken before the one who took it does."""
    answer = route.fetch()
    time.sleep(LIVE_MS / 5_000)
    route.fulfill(response=answer)


def test_of_several_that_ring_the_one_that_was_taken_opens(shift: Shift) -> None:
    page = shift.console(0)
    calls = [shift.district.press(by=number) for number in (0, 1)]
    for call in calls:
        expect(page.locator(f"#row-{call}")).to_be_visible(timeout=LIVE_MS)
    named = page.locator("#call-title").inner_text()
    page.route("**/take/", answer_late)

    page.keyboard.press("a")

    expect(page.locator("#call-head")).to_contain_text("you", timeout=LIVE_MS)
    expect(page.locator("#call-title")).to_have_text(re.compile(f"^{named}"))
    with shift.district.api("operator1") as desk:
        for call in calls:
            outcome = {"outcome": "false_alarm"}
            desk.post(f"/api/v1/calls/{call}/resolve/", json=outcome).raise_for_status()


def test_what_is_being_written_stays_while_the_call_goes_on(shift: Shift) -> None:
    page = shift.console(0)
    call = shift.district.press(by=1)
    opened(page, call)
    note = page.get_by_label("Note on this call")
    note.fill("She says her daughter has the")

    shift.district.press(by=1)

    expect(page.locator("#call-head")).to_contain_text("2 presses", timeout=LIVE_MS)
    expect(note).to_be_focused()
    expect(note).to_have_value("She says her daughter has the")
    page.reload()
    expect(note).to_have_value("She says her daughter has the")


def test_two_operators_see_at_once_who_has_a_call_and_one_takes_it_over(shift: Shift) -> None:
    first, second = shift.console(0), shift.console(1)
    call = shift.district.press(by=1)
    opened(first, call)
    opened(second, call)

    first.keyboard.press("a")
    expect(first.locator("#call-head")).to_contain_text("you")
    expect(second.get_by_role("button", name="Take over")).to_be_visible(timeout=LIVE_MS)
    expect(second.locator(f"#row-{call}")).to_contain_text("looks after it", timeout=LIVE_MS)

    second.keyboard.press("a")
    expect(second.get_by_role("button", name="Take it from")).to_be_visible()
    second.wait_for_timeout(DOUBLE_CLICK_MS)
    second.keyboard.press("a")
    expect(second.locator("#call-head")).to_contain_text("you", timeout=LIVE_MS)
    expect(first.get_by_role("button", name="Take over")).to_be_visible(timeout=LIVE_MS)


def test_a_cut_is_said_and_what_happened_meanwhile_is_shown(shift: Shift) -> None:
    page = shift.console(0)
    page.evaluate("window.neverLoadedAnew = true")
    shift.district.web.kill()
    call = shift.district.press(by=2, at=shift.district.other_url)
    expect(page.locator("[data-band=stale]")).to_be_visible(timeout=STALE_MS)

    shift.district.web.start()
    shift.district.wait_until_served(shift.district.url)

    expect(page.locator(f"#row-{call}")).to_be_visible(timeout=STALE_MS)
    expect(page.locator("[data-band=stale]")).to_be_hidden()
    assert page.evaluate("window.neverLoadedAnew") is True


def test_an_unverified_caller_is_found_out_and_the_call_is_theirs(shift: Shift) -> None:
    page = shift.console(0)
    call = shift.district.press_unknown()
    opened(page, call)
    name = shift.district.elders_name()

    page.keyboard.press("w")
    page.keyboard.type(name)
    found = page.locator("#who-found li").filter(has_text=name).first
    found.get_by_role("button", name="This is the caller").click()
    page.wait_for_timeout(DOUBLE_CLICK_MS)
    page.locator("#who-found").get_by_role("button", name="Really").click()

    expect(page.locator("#call-title")).to_contain_text(name, timeout=LIVE_MS)
    expect(page.locator("#who")).to_have_count(0)
    expect(page.locator("#call")).to_contain_text("Door code")
    expect(page.locator("#story")).to_contain_text("found out who called")
    assert axe_violations(page) == []


def test_an_alert_is_given_to_a_caregiver(shift: Shift) -> None:
    page = shift.console(1)
    shift.district.report_water()
    page.goto(f"{shift.district.url}/desk/alerts/")

    page.get_by_role("link", name="Give to a caregiver").first.click()
    assert axe_violations(page) == []
    name = page.locator(".assignee strong").first.inner_text()
    page.get_by_role("button", name="Give it").first.click()

    expect(page.locator("main")).to_contain_text(f"{name} sees to it")


def test_every_page_of_the_desk_rings(shift: Shift) -> None:
    page = shift.console(1)
    page.goto(f"{shift.district.url}/desk/alerts/")

    shift.district.press(by=0)

    expect(page.locator("[data-band=rings]")).to_be_visible(timeout=LIVE_MS)
    page.keyboard.press("a")
    expect(page).to_have_url(f"{shift.district.url}/desk/")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(shift: Shift, width: int) -> None:
    page = shift.console(0)
    opened(page, shift.district.press(by=1))
    resident = page.get_by_role("link", name="All about this person").get_attribute("href")
    page.set_viewport_size({"width": width, "height": 800})
    paths = ["/desk/", "/desk/calls/", "/desk/alerts/", "/desk/unreachable/", "/desk/residents/"]
    for url in [page.url, *(f"{shift.district.url}{path}" for path in [*paths, resident])]:
        page.goto(url)
        assert axe_violations(page) == [], f"{url} at {width}"
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not too_wide, f"{url} is wider than {width}"


def opened(page: Page, call: str) -> None:
    """Open a call from the queue."""
    page.locator(f"#row-{call} a").click()
    expect(page.locator(f"#call[data-of='{call}']")).to_be_visible()
