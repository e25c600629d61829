"""The mother withdraws her consents, and her daughter's open page shows nothing within 2 s."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

LIVE_MS = 5_000
GONE_MS = 2_000
"""Source: the access table's rule on withdrawal, PIPL article 15; 2 s is our promise."""
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
ITEMS = ("alerts", "visits", "health", "wellbeing")


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district of its own."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


class Family:
    """The mother and the daughter at their telephones; each signs in once."""

    def __init__(self, browser: Browser, district: District) -> None:
        """Nobody has come yet."""
        self.browser = browser
        self.district = district
        self._kept: dict[str, StorageState] = {}

    def page_of(self, username: str, *, language: str = "en", **viewport: int) -> Page:
        """Somebody's own page, opened and live."""
        url = self.district.url
        context = a_context(
            self.browser,
            url=url,
            language=language,
            viewport=viewport or NARROW,
            storage_state=self._kept.get(username),
        )
        if username not in self._kept:
            page = signed_in(context, self.district.link_of(self.district.named(username)))
            self._kept[username] = context.storage_state()
            return page
        # The state that was kept names the language of its first visit.
        context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        page = context.new_page()
        page.goto(url)
        return page

    def daughter(self, *, language: str = "en", **viewport: int) -> Page:
        """The daughter's page."""
        return self.page_of("family1", language=language, **viewport)


@pytest.fixture(scope="module")
def family(district: District) -> Iterator[Family]:
    """One browser for all stories."""
    with a_browser() as running:
        yield Family(running, district)


def share(district: District, *, items: tuple[str, ...] = ITEMS) -> None:
    """The mother shares these items, at the API."""
    elder = district.seeded["stories"]["elder"]["resident"]
    with district.api("resident1") as mother:
        for item in items:
            body = {"resident": elder, "item": item, "purpose": "for the family"}
            answer = mother.post("/api/v1/consents/", json=body)
            if answer.status_code != httpx.codes.CONFLICT:  # shared already
                answer.raise_for_status()


def withdraw(district: District) -> None:
    """The mother withdraws all she shares, at the API."""
    with district.api("resident1") as mother:
        for consent in mother.get("/api/v1/consents/").json()["results"]:
            if consent["item"] in ITEMS and not consent["withdrawn_at"]:
                mother.delete(f"/api/v1/consents/{consent['id']}/").raise_for_status()


def test_consent_withdrawn_and_the_daughter_sees_nothing_within_two_seconds_open_page_included(
    family: Family, district: District
) -> None:
    share(district)
    page = family.daughter()
    facts = page.locator("[data-fact]")
    hidden = page.locator(".day__fact--hidden")
    expect(facts.first).to_be_visible()
    expect(hidden).to_have_count(0)
    expect(page.locator("[data-panel]").get_by_text("Visits are not shared.")).to_have_count(0)
    page.locator("[data-panel] h3").first.wait_for()
    page.wait_for_timeout(LIVE_MS)  # the stream is open, and nothing is on its way
    assert axe_violations(page) == []

    withdraw(district)

    expect(hidden).to_have_count(5, timeout=GONE_MS)
    expect(page.get_by_text("Visits are not shared.")).to_be_visible(timeout=GONE_MS)
    expect(page.get_by_text("Alerts are not shared.")).to_be_visible(timeout=GONE_MS)
    assert axe_violations(page) == []


def test_what_is_shared_again_is_shown_again_and_the_page_reads_well_in_chinese(
    family: Family, district: District
) -> None:
    withdraw(district)
    page = family.daughter(language="zh-hans", **WIDE)
    expect(page.locator(".day__fact--hidden").first).to_contain_text("不共享")

    share(district)

    expect(page.locator(".day__fact--hidden")).to_have_count(0, timeout=LIVE_MS)
    assert axe_violations(page) == []


def test_the_daughter_asks_for_a_visit(family: Family) -> None:
    page = family.daughter()
    page.get_by_role("link", name="Ask for a visit").first.click()
    assert axe_violations(page) == []
    page.get_by_label("What for").select_option("cleaning")
    page.get_by_label("When would it suit, and what should we know").fill("Friday morning")
    page.get_by_role("button", name="Ask").click()

    expect(page.get_by_role("alert")).to_contain_text("The care centre has it.")
    expect(page.get_by_role("list", name="Asked for")).to_contain_text(
        "Friday morning", timeout=LIVE_MS
    )


def test_the_daughter_invites_her_brother_and_takes_the_invitation_back(family: Family) -> None:
    page = family.daughter()
    page.get_by_role("link", name="What is shared with whom").click()
    page.get_by_role("link", name="Invite family, or take somebody out").first.click()
    assert axe_violations(page) == []
    page.get_by_label("Name").fill("陈刚")
    page.get_by_label("Relation").select_option("son")
    page.get_by_label("Telephone").fill("19099990001")
    page.get_by_role("button", name="Invite", exact=True).click()
    brother = page.get_by_role("listitem").filter(has_text="陈刚")
    expect(brother).to_contain_text("invited")
    out = brother.get_by_role("button", name="Take out 陈刚")
    out.click()
    page.wait_for_timeout(600)
    out.click()

    expect(page.get_by_role("listitem").filter(has_text="陈刚")).to_contain_text("does not see it")


def test_the_mothers_own_page_greets_her_and_says_what_is_next(family: Family) -> None:
    page = family.page_of("resident1", language="zh-hans")

    expect(page.locator(".start__greeting")).to_be_visible()
    expect(page.locator(".start__day")).to_contain_text("周")
    expect(page.locator("[data-panel] .next-visit")).to_be_visible(timeout=LIVE_MS)
    assert axe_violations(page) == []
