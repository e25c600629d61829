"""Applications from intake to letter by two officers, granted and refused; an overdue case."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

CLIMBED_MS = 30_000
"""The clocks are looked at every ten seconds."""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the day."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the day."""
    with a_browser() as running:
        yield running


def at_work(browser: Browser, district: District, username: str) -> Page:
    """An officer who is signed in."""
    context = a_context(
        browser,
        url=district.url,
        viewport={"width": 1280, "height": 800},
        geolocation={"latitude": 31.49, "longitude": 120.31},
        permissions=["geolocation"],
    )
    return signed_in(context, district.link_of(district.named(username)))


class Officers(NamedTuple):
    """The pages of those who are at work for the day."""

    clerk: Page
    head: Page
    county: Page


@pytest.fixture(scope="module")
def officers(browser: Browser, district: District) -> Officers:
    """Each signs in once, in the morning."""
    usernames = ("officer_street1", "officer_street2", "officer")
    return Officers(*(at_work(browser, district, username) for username in usernames))


def test_from_intake_to_letter_by_two_officers_and_what_is_overdue_climbs(
    officers: Officers, district: District
) -> None:
    clerk, head, county = officers

    case = _enters_the_application(clerk, district)
    _ticks_the_papers_and_accepts(clerk)
    _checks_the_data(county, case)
    visit = _plans_the_visit(clerk, case)
    _signs(clerk, visit, writes=True)
    _signs(head, visit)
    _decides_to_refuse(clerk, case)
    _confirms_and_issues_the_letter(clerk, county, case)
    _sees_what_is_overdue_climb(clerk, district)


def test_a_subsistence_allowance_is_granted_from_intake_to_the_elders_own_page(
    browser: Browser, district: District, officers: Officers
) -> None:
    clerk, head, county = officers
    applicant = _somebody_without_a_case(district)

    case = _enters_at_the_counter(clerk, district, applicant.resident)
    _ticks_the_papers_and_accepts(clerk)
    _checks_the_data(county, case, found="meet the conditions")
    visit = _plans_the_visit(clerk, case)
    _signs(clerk, visit, writes=True)
    _signs(head, visit)
    _proposes_a_grant(clerk, case)
    _sees_it_shown_publicly(clerk, district, applicant.name)
    _may_not_confirm_before_the_notice_is_over(county, case)
    _lets_the_days_of_the_notice_pass(district, case)
    _may_not_confirm_their_own(clerk, case)
    _confirms_the_grant(county, case)
    code = _issues_the_letter_of_approval(county)
    _reads_on_their_own_page_that_it_is_granted(browser, district, applicant, code)


class Applicant(NamedTuple):
    """Somebody of the clerk's street who has an account."""

    resident: str
    name: str
    username: str


def _somebody_without_a_case(district: District) -> Applicant:
    query = (
        "SELECT r.id::text, r.name, u.username FROM accounts_user u"
        " JOIN people_resident r ON r.id = u.resident_id JOIN places_area a ON a.id = r.area_id"
        " JOIN accounts_user c ON c.username = 'officer_street1'"
        " JOIN places_area s ON s.id = c.area_id"
        " WHERE a.path LIKE s.path || '%' AND r.life_state = 'home' AND NOT EXISTS"
        " (SELECT FROM assistance_assistancecase WHERE resident_id = r.id)"
        " ORDER BY u.username LIMIT 1"
    )
    with psycopg.connect(district.web.environ["DATABASE_URL"]) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return Applicant(*found)


def _enters_at_the_counter(page: Page, district: District, resident: str) -> str:
    page.goto(f"{district.url}/desk/cases/new/?resident={resident}")
    page.get_by_label("What for").select_option("dibao")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", name="What is next")).to_be_visible()
    return page.url


def _proposes_a_grant(page: Page, case: str) -> None:
    page.goto(case)
    page.get_by_label("grant", exact=True).check()
    page.get_by_label("How many live together").fill("1")
    page.get_by_label("Amount a month, yuan").fill("680.50")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The proposal is shown publicly")).to_be_visible()
    looks_right(page)


def _sees_it_shown_publicly(page: Page, district: District, name: str) -> None:
    page.goto(f"{district.url}/notices/")
    row = page.locator("tr", has_text=name)
    expect(row).to_contain_text("680.5")
    looks_right(page)


def _may_not_confirm_before_the_notice_is_over(page: Page, case: str) -> None:
    page.goto(case)
    expect(page.get_by_role("button", name="Confirm", exact=True)).to_have_count(0)


def _lets_the_days_of_the_notice_pass(district: District, case: str) -> None:
    """Seven days are as long in a test: the clock of the notice is put to its end."""
    over = (
        "UPDATE assistance_deadline SET ends_at = now(), due_at = now()"
        " WHERE case_id = %s AND kind = 'notice' AND stopped_at IS NULL"
    )
    with psycopg.connect(district.web.environ["DATABASE_URL"]) as connection:
        connection.execute(over, [case.rstrip("/").rpartition("/")[2]])


def _may_not_confirm_their_own(page: Page, case: str) -> None:
    own = page.get_by_text("a colleague must confirm it")
    for _ in range(CLIMBED_MS // 1_000):
        page.goto(case)
        if own.count():
            break
        page.wait_for_timeout(1_000)
    expect(own).to_be_visible()
    expect(page.get_by_role("button", name="Confirm", exact=True)).to_have_count(0)
    looks_right(page)


def _confirms_the_grant(page: Page, case: str) -> None:
    page.goto(case)
    looks_right(page)
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("button", name="Issue the letter")).to_be_visible()


def _issues_the_letter_of_approval(page: Page) -> str:
    page.get_by_role("button", name="Issue the letter").click()
    expect(page.get_by_text("Nothing now. The review opens by itself.")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name=re.compile("Letter")).click()
    expect(page.get_by_role("heading", name="Notice of approval")).to_be_visible()
    expect(page.get_by_text("680.5")).to_be_visible()
    looks_right(page)
    return page.locator(".letter__check strong").inner_text()


def _reads_on_their_own_page_that_it_is_granted(
    browser: Browser, district: District, applicant: Applicant, code: str
) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 390, "height": 844})
    page = signed_in(context, district.link_of(district.named(applicant.username)))
    page.goto(f"{district.url}/my-cases/")
    page.get_by_role("link", name=re.compile("Granted, from")).first.click()
    expect(page.locator(".way__ahead")).to_have_count(0)
    looks_right(page)
    page.get_by_role("link", name=re.compile("Read the letter")).click()
    expect(page.get_by_text(code, exact=True)).to_be_visible()
    looks_right(page)


def _enters_the_application(page: Page, district: District) -> str:
    page.goto(f"{district.url}/desk/cases/new/")
    page.locator("#new-q").fill("陈桂英")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="陈桂英").first.click()
    page.get_by_label("What for").select_option("dibao_edge")
    looks_right(page)
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", name="What is next")).to_be_visible()
    looks_right(page)
    return page.url


def _ticks_the_papers_and_accepts(page: Page) -> None:
    here = page.get_by_role("button", name="It is here")
    for left in (3, 2, 1):
        expect(here).to_have_count(left)
        here.first.click()
    page.get_by_role("button", name="Accept the application").click()
    expect(page.get_by_text("The county checks the data.")).to_be_visible()
    expect(page.get_by_text("30 working days")).to_be_visible()


def _checks_the_data(page: Page, case: str, *, found: str = "do not meet the conditions") -> None:
    page.goto(case)
    page.get_by_label(found, exact=True).check()
    page.get_by_role("button", name="Record the data check").click()
    expect(page.get_by_role("button", name="Plan the home visit")).to_be_visible()


def _plans_the_visit(page: Page, case: str) -> str:
    page.goto(case)
    page.get_by_label(re.compile("李娜")).check()
    page.get_by_role("button", name="Plan the home visit").click()
    expect(page.get_by_text("At least two of the staff must visit.")).to_be_visible()
    page.get_by_label(re.compile("张强")).check()
    page.get_by_role("button", name="Plan the home visit").click()
    page.get_by_role("link", name="Open the visit form").click()
    expect(page.get_by_role("heading", name="Home visit")).to_be_visible()
    looks_right(page)
    return page.url


def _signs(page: Page, visit: str, *, writes: bool = False) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(visit)
    if writes:
        page.get_by_label("What you saw and heard").fill("与女儿同住，月收入三千元。")
        page.get_by_label("Signature of the household").fill("陈桂英")
        page.get_by_role("button", name="Keep what was written").click()
    sign = page.get_by_role("button", name="I sign")
    sign.click()
    expect(sign).to_have_count(0)
    looks_right(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def _decides_to_refuse(page: Page, case: str) -> None:
    page.goto(case)
    expect(page.get_by_text("with position")).to_be_visible()
    page.get_by_label("refuse", exact=True).check()
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("Name at least one ground")).to_be_visible()
    page.get_by_label(re.compile("最低生活保障审核确认办法第八条")).check()
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("a colleague must confirm it")).to_be_visible()


def _confirms_and_issues_the_letter(clerk: Page, county: Page, case: str) -> None:
    county.goto(case)
    county.get_by_role("button", name="Confirm", exact=True).click()
    county.get_by_role("button", name="Issue the letter").click()
    county.get_by_role("link", name=re.compile("Letter")).click()
    expect(county.get_by_role("heading", name="Notice of refusal")).to_be_visible()
    expect(county.get_by_text("最低生活保障审核确认办法第八条")).to_be_visible()
    looks_right(county)
    code = county.locator(".letter__check strong").inner_text()
    clerk.goto(f"{case.split('/desk/', maxsplit=1)[0]}/letters/")
    clerk.get_by_label("Code at the foot of the letter").fill(code.lower())
    clerk.get_by_role("button", name="Check").click()
    expect(clerk.get_by_text("Yes, genuine")).to_be_visible()
    looks_right(clerk)


def _sees_what_is_overdue_climb(page: Page, district: District) -> None:
    page.goto(f"{district.url}/desk/cases/overdue/")
    expect(page.locator("tbody tr").first).to_be_visible()
    for _ in range(CLIMBED_MS // 1_000):
        if page.get_by_text("李娜 · today").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.get_by_text("李娜 · today").first).to_be_visible()
    expect(page.get_by_text("the head of the street office").first).to_be_visible()
    looks_right(page)
    page.goto(f"{district.url}/desk/alerts/?kind=case_overdue")
    expect(page.get_by_role("main").get_by_text("case overdue").nth(1)).to_be_visible()
