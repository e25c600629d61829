"""The dispatcher's morning: a carer is ill, and one click lets others go."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

PROPOSED_S = 40
"""The absence is read within seconds; a day's plan takes a few more."""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the morning."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the morning."""
    with a_browser() as running:
        yield running


def test_an_ill_carers_visits_go_to_others_with_one_click(
    browser: Browser, district: District
) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 900})
    desk = signed_in(context, district.link_of(district.named("lead")))
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"
    board = f"{district.url}/desk/visits/?day={tomorrow}"
    desk.goto(board)
    looks_right(desk)
    ill = desk.locator(".day-board > li:has(.slot)").first.locator(".day-board__name").inner_text()
    theirs = _slots_of(desk, ill).count()
    assert theirs > 0

    _says_who_is_ill(desk, district, ill, tomorrow)
    _sees_the_proposal(desk, board)
    desk.get_by_role("button", name="Accept").first.click()

    desk.goto(board)
    expect(_slots_of(desk, ill)).to_have_count(0)
    looks_right(desk)


def _slots_of(page: Page, name: str) -> Locator:
    row = page.locator(".day-board > li").filter(has=page.get_by_role("heading", name=name))
    return row.locator(".slot")


def _says_who_is_ill(page: Page, district: District, name: str, day: str) -> None:
    page.goto(f"{district.url}/desk/absences/")
    page.get_by_label("Who").select_option(label=name)
    page.get_by_label("From").fill(f"{day}T00:00")
    page.get_by_label("Until").fill(f"{day}T23:59")
    page.get_by_label("Reason").select_option(index=0)
    looks_right(page)
    page.get_by_role("button", name="Record the absence").click()
    expect(page.get_by_role("main")).to_contain_text("1 absence")


def _sees_the_proposal(page: Page, board: str) -> None:
    proposal = page.get_by_role("heading", name=re.compile("Proposed for"))
    for _ in range(PROPOSED_S):
        page.goto(board)
        if proposal.count():
            break
        page.wait_for_timeout(1_000)
    expect(proposal.first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d+ get somebody"))
    page.get_by_text("What changes").first.click()
    looks_right(page)
