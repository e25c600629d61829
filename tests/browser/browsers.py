"""The browser of the tests: Chromium as the machine has it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_DIALLER = """
addEventListener("click", (event) => {
  if (event.target.closest?.("a[href^='tel:']")) event.preventDefault();
});
"""
"""A machine without a telephone program asks what to do with a tel: link, and waits."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, headless; the test is skipped where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("No Chromium on this machine (apt-get install chromium fonts-noto-cjk).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-device-for-media-stream",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


def a_context(
    browser: Browser, *, url: str, language: str = "en", **options: Any
) -> BrowserContext:
    """Somebody's own browser, in their language."""
    context = browser.new_context(locale=language, reduced_motion="reduce", **options)
    context.add_init_script(NO_DIALLER)
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    return context


def signed_in(context: BrowserContext, link: str) -> Page:
    """A page whose person came by their one-time link."""
    page = context.new_page()
    answer = page.goto(link)
    assert answer is not None
    assert answer.ok, "the link signed nobody in"
    return page


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def looks_right(page: Page, *, widths: Sequence[int] = (390, 1280)) -> None:
    """Nothing wrong by axe, and nowhere wider than the screen, on a telephone and on a desk."""
    size = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        found = axe_violations(page)
        assert not found, f"{page.url} at {width}: {found}"
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not too_wide, f"{page.url} is wider than {width}"
    if size:
        page.set_viewport_size(size)
