"""A sensor: from its label into a home, its alarm on the board, and somebody who sees to it."""

import base64
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

EUI = "24e124fffe00beef"
LEAK, DRY = "017564030001", "017564030000"
DOUBLE_CLICK_MS = 600


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, District]]:
    """One district and one browser."""
    folder = tmp_path_factory.mktemp("district")
    with a_browser() as browser, a_district(folder) as district:
        yield browser, district


def an_uplink(district: District, token: str, data: str) -> httpx.Response:
    """What the network posts when the sensor speaks."""
    now = datetime.now(UTC)
    sent = {
        "deduplicationId": f"{now.timestamp()}",
        "time": now.isoformat(),
        "deviceInfo": {"devEui": EUI, "deviceProfileName": "Milesight"},
        "fCnt": int(now.timestamp()),
        "data": base64.b64encode(bytes.fromhex(data)).decode(),
    }
    return httpx.post(
        f"{district.url}/ingest/v1/chirpstack?event=up",
        json=sent,
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )


def printed(page: Page, district: District) -> tuple[str, str]:
    """A label for a new sensor: the code on it, and the token for the device."""
    page.goto(f"{district.url}/desk/enrol/")
    page.get_by_role("link", name="Print a device label").click()
    page.get_by_label("Kind").select_option("water")
    page.get_by_label("Protocol").select_option("chirpstack")
    page.get_by_label("Its own number").fill("24-E1-24-FF-FE-00-BE-EF")
    page.get_by_label("Model").fill("WS303")
    page.get_by_role("button", name="Make a label").click()
    expect(page.locator(".label__picture svg, .label__picture img")).to_be_visible()
    code = page.locator(".label .figures").inner_text()
    return code, page.locator(".token").inner_text()


def scanned(page: Page, code: str) -> None:
    """The code read by the camera: first not allowed, then allowed.

    The camera is Chromium's own; what it sees is told by a detector of ours, as this build has
    none.
    """
    page.context.add_init_script(
        f"""window.BarcodeDetector = class {{
          async detect(picture) {{ return picture.videoWidth ? [{{ rawValue: "{code}" }}] : []; }}
        }};"""
    )
    page.reload()
    field, scan = page.get_by_label("Code on the device"), page.get_by_text("Scan with the camera")
    scan.click()
    expect(page.locator("[data-scan-said]")).to_have_text(re.compile("Please type the code"))
    expect(field).to_be_focused()
    page.context.grant_permissions(["camera"])
    scan.click()
    expect(field).to_have_value(code)
    expect(page.locator("video")).to_be_hidden()
    expect(page.locator("[data-scan-said]")).to_have_text("")


def test_a_sensor_is_taken_into_a_home_and_its_alarm_is_seen_and_dealt_with(
    place: tuple[Browser, District],
) -> None:
    browser, district = place
    context = a_context(browser, url=district.url, viewport={"width": 1280, "height": 900})
    page = signed_in(context, district.link_of(district.named("lead")))
    code, token = printed(page, district)
    assert EUI in code.casefold()

    page.goto(f"{district.url}/desk/enrol/")
    page.get_by_role("button", name="Enrol somebody").click()
    page.get_by_label("Name", exact=True).fill("孙月华")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("#id_address").fill("长江路99号1栋101")
    page.locator("#id_area").select_option(index=1)
    page.get_by_role("button", name="Save and go on").click()
    page.goto(re.sub(r"/[a-z]+/$", "/devices/", page.url))
    scanned(page, code)
    page.get_by_label("Code on the device").fill(code.replace(":", " ").lower())
    page.locator("#id_room").fill("厨房")
    page.get_by_role("button", name="Take in").click()
    expect(page.locator("main")).to_contain_text("water sensor")
    expect(page.locator("main")).to_contain_text("behind the gateway")

    assert an_uplink(district, token, LEAK).json()["accepted"] >= 2
    page.goto(f"{district.url}/desk/alerts/?kind=water")
    row = page.locator("li[id^=alert-]").filter(has_text="孙月华")
    expect(row).to_contain_text("water leak")
    assert axe_violations(page) == []
    row.get_by_role("button", name="Seen").click()
    expect(row).to_contain_text("acknowledged")
    page.set_viewport_size({"width": 390, "height": 844})
    row.get_by_label("What was found").fill("The tap was left open")
    row.get_by_role("button", name="Dealt with").click()
    expect(row).to_have_count(0)
    page.goto(f"{district.url}/desk/alerts/?kind=water&state=resolved")
    expect(row).to_contain_text("The tap was left open")

    row.get_by_role("link", name="孙月华").click()
    panel = page.locator("section[aria-labelledby=movement-title]")
    expect(panel).to_contain_text("厨房", timeout=10_000)
    assert an_uplink(district, token, DRY).status_code == 200
    time.sleep(DOUBLE_CLICK_MS / 1_000)
    assert axe_violations(page) == []
