"""Every page that a role can reach by links, in both languages, on a telephone and on a desk."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
SETTLES_MS = 150
NOT_PAGES = ("/sign-out", "/sign-in", "/demo", "/api", "/static", "/p/", "/language")
ENGLISH = re.compile(r"(?:\b[A-Za-z]{3,}\b[ ,;:]+){3}[A-Za-z]{3,}")
"""Four words in a row that no Chinese page should have."""
WORDS = """(main) => {
  const words = main.cloneNode(true);
  words.querySelectorAll("code, script, style").forEach((each) => each.remove());
  return words.textContent;
}"""
"""What a page says, but for names of fields and the like, which are the same in every language."""
LANGUAGES = ("zh-hans", "en")
"""Each page is loaded once in each, and looked at on a telephone and on a desk."""
ROOMS = (
    ("operator1", "/desk/"),
    ("lead", "/desk/visits/"),
    ("officer", "/desk/cases/"),
    ("auditor", "/desk/figures/"),
    ("caregiver1", "/care/"),
    ("resident1", "/"),
    ("family1", "/"),
    ("security", "/account/staff/"),
)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for all."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        running.press(by=0)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with a_browser() as running:
        yield running


@pytest.mark.parametrize(("username", "start"), ROOMS)
def test_every_page_of_a_room_is_right_in_both_languages(
    browser: Browser, district: District, username: str, start: str
) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 800})
    page = signed_in(context, district.link_of(district.named(username)))

    found = list(_pages(page, district.url, start))

    assert len(found) > 1
    for address in found:
        for language in LANGUAGES:
            context.add_cookies(
                [{"name": "django_language", "value": language, "url": district.url}]
            )
            page.goto(f"{district.url}{address}")
            page.wait_for_timeout(SETTLES_MS)
            looks_right(page)
            if language == "zh-hans":
                left = ENGLISH.search(page.locator("main").first.evaluate(WORDS))
                assert left is None, f"{address}: {left and left.group()}"


def _pages(page: Page, url: str, start: str) -> Iterator[str]:
    """Addresses that links lead to, one of each kind, two steps from the start."""
    kinds = {_kind(start)}
    level = [start]
    for _ in range(2):
        following: list[str] = []
        for address in level:
            answer = page.goto(f"{url}{address}")
            if answer is None or answer.status >= 400:
                raise AssertionError(f"{address}: {answer and answer.status}")
            yield address
            for link in _links(page, url):
                if _kind(link) not in kinds:
                    kinds.add(_kind(link))
                    following.append(link)
        level = following
    yield from level


def _links(page: Page, url: str) -> list[str]:
    page.wait_for_timeout(SETTLES_MS)
    hrefs = page.locator("a[href]:not([download])").evaluate_all("all => all.map(a => a.href)")
    own = [urlsplit(urldefrag(href).url) for href in hrefs if href.startswith(url)]
    return [each.path for each in own if not each.path.startswith(NOT_PAGES)]


def _kind(address: str) -> str:
    return AN_ID.sub("*", address)
