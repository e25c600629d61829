"""Passkeys in a real browser: its virtual authenticator makes one, and it signs in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.browsers import a_browser, a_context, looks_right, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district under a name: browsers make no passkeys for numbers."""
    with a_district(tmp_path_factory.mktemp("district"), host="localhost") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the story."""
    with a_browser() as running:
        yield running


def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A telephone that knows its owner by their finger."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize(("role", "home"), [("resident", "/"), ("operator", "/desk/")])
def test_a_passkey_is_added_and_signs_in(
    browser: Browser, district: District, role: str, home: str
) -> None:
    context = a_context(browser, url=district.url, viewport={"width": 390, "height": 844})
    page = signed_in(context, district.link_of(district.account(role)))
    with_authenticator(context, page)
    page.goto(f"{district.url}/account/")
    looks_right(page)
    page.get_by_role("button", name="Add a passkey on this device").click()
    expect(page.get_by_role("button", name="Keep the name")).to_be_visible()
    looks_right(page)

    page.get_by_role("button", name="Sign out", exact=True).click()
    staff = "staff/" if role == "operator" else ""
    page.goto(f"{district.url}/sign-in/{staff}")
    looks_right(page)
    page.get_by_role("button", name="Sign in by passkey").click()

    page.wait_for_url(f"{district.url}{home}")
