"""She takes a consent back and undoes it, sees who looked and asks why; a record is opened in an
emergency and reviewed."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

SOON_MS = 3_000
"""An open record asks every second whether it is still open."""
REASON = "Neighbours hear calls for help behind the door"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for all."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with a_browser() as running:
        yield running


def at_home(browser: Browser, district: District, username: str, language: str = "en") -> Page:
    """Somebody who is signed in, on a telephone."""
    context = a_context(
        browser, url=district.url, language=language, viewport={"width": 390, "height": 844}
    )
    return signed_in(context, district.link_of(district.named(username)))


def test_she_takes_back_undoes_sees_who_looked_and_is_answered(
    browser: Browser, district: District
) -> None:
    elder = district.seeded["stories"]["elder"]["resident"]
    with district.api("operator1") as operator:
        operator.get(f"/api/v1/residents/{elder}/").raise_for_status()
    hers = at_home(browser, district, "resident1")

    hers.goto(f"{district.url}/consents/")
    give = hers.get_by_role("button", name="Share: visits", exact=True)
    if give.count():
        give.click()
    hers.get_by_role("button", name="Share no more: visits").click()
    undo = hers.get_by_role("button", name="That was a mistake: undo it")
    expect(undo).to_be_visible()
    looks_right(hers)
    undo.click()
    expect(hers.get_by_role("button", name="Share no more: visits")).to_be_visible()

    hers.get_by_role("link", name="Who looked at my record").click()
    looks_right(hers)
    hers.get_by_role("button", name="Why did").first.click()
    expect(hers.get_by_role("alert")).to_contain_text("We have asked")

    lead = at_home(browser, district, "lead")
    lead.goto(f"{district.url}/who-looked/questions/")
    looks_right(lead)
    lead.get_by_label("This is written and said to them").first.select_option("care")
    lead.get_by_role("button", name="Answer, and tell them").first.click()
    expect(lead.get_by_role("heading", name="Answered")).to_be_visible()

    hers.goto(f"{district.url}/who-looked/")
    expect(hers.get_by_text("They prepared or checked your care.")).to_be_visible()


def out_of_reach(district: District, username: str) -> str:
    """The telephone of somebody whom this account does not reach."""
    with district.api(username) as outside, district.api("operator1") as operator:
        rows = operator.get("/api/v1/residents/?limit=50").json()["results"]
        for row in rows:
            path = f"/api/v1/residents/{row['id']}/"
            if outside.get(path).status_code == httpx.codes.NOT_FOUND:
                phone: str = operator.get(path).json()["phone"]
                if phone:
                    return phone
    raise AssertionError(f"{username} reaches everybody")


def test_a_record_is_opened_in_an_emergency_and_a_colleague_reviews_it(
    browser: Browser, district: District
) -> None:
    caregiver = district.seeded["stories"]["caregivers"][0]["username"]
    phone = out_of_reach(district, caregiver)
    carer = at_home(browser, district, caregiver)
    carer.goto(f"{district.url}/break-glass/")
    looks_right(carer)
    carer.get_by_label("Telephone").fill(phone)
    carer.get_by_label("What happened").fill(REASON)
    carer.get_by_label("Minutes").fill("5")
    carer.get_by_role("button", name="Open the record").click()
    record = carer.locator("#opened-record[data-open=yes]")
    expect(record).to_contain_text("Allergies")
    looks_right(carer)
    _ends_without_network_too(carer)
    elsewhere = carer.context.new_page()
    elsewhere.goto(carer.url)
    elsewhere.get_by_role("button", name="I need it no more: close it").click()
    expect(elsewhere.locator("#opened-record[data-open=no]")).to_be_visible()

    expect(record).to_have_count(0, timeout=SOON_MS)
    expect(carer.get_by_text("This record is closed.")).to_be_visible()

    lead = at_home(browser, district, "lead")
    lead.goto(f"{district.url}/break-glass/reviews/")
    expect(lead.get_by_text(REASON)).to_be_visible()
    looks_right(lead)
    lead.get_by_label("it was right", exact=True).check()
    lead.get_by_role("button", name="Keep the judgement").click()
    expect(lead.get_by_role("heading", name="Reviewed")).to_be_visible()


def _ends_without_network_too(carer: Page) -> None:
    beside = carer.context.new_page()
    beside.clock.install()
    beside.goto(carer.url)
    expect(beside.locator("#opened-record[data-open=yes]")).to_be_visible()
    carer.context.set_offline(offline=True)
    beside.clock.fast_forward("05:01")
    expect(beside.locator("#opened-record[data-open=yes]")).to_have_count(0)
    carer.context.set_offline(offline=False)
    beside.close()


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("resident2", "/who-looked/"),
        ("resident2", "/consents/"),
        ("lead", "/desk/guardians/"),
        ("lead", "/break-glass/"),
        ("lead", "/break-glass/reviews/"),
        ("lead", "/who-looked/questions/"),
    ],
)
def test_the_pages_read_well_in_chinese(
    browser: Browser, district: District, username: str, path: str
) -> None:
    page = at_home(browser, district, username, language="zh-hans")
    page.goto(district.url + path)
    assert page.url == district.url + path
    looks_right(page)
