"""A carer's shift of six visits without network: kept, through reloads, and sent once."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.browsers import a_browser, a_context, axe_violations, signed_in
from tests.browser.stack import District, a_district

pytestmark = pytest.mark.prove

SHANGHAI = ZoneInfo("Asia/Shanghai")
VISITS = 6
TASKS = ["wash", "dress"]
WINDOW = timedelta(minutes=90)
WIDTHS = (320, 390, 1280)
SENT_MS = 30_000
FIRST_LOAD_MAX_BYTES = 100 * 1024
CHECKS = """
SELECT visit_id::text, kind, method, reason, offline, device_at, server_at
FROM visits_checkevent WHERE caregiver_id = %s ORDER BY device_at
"""
OUTCOMES = """
SELECT visit_id::text, task_index, outcome, reason FROM visits_visittask WHERE caregiver_id = %s
"""
NOTES = "SELECT count(*) FROM visits_visitnote WHERE caregiver_id = %s"
DOORS = """
SELECT count(*) FROM audit_auditrow
WHERE action = 'read' AND subject = %s AND 'door_code' = ANY(fields)
"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """One district for the shift."""
    with a_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the shift."""
    with a_browser() as running:
        yield running


class Shift:
    """Six visits of a caregiver about now, and what their telephone did."""

    def __init__(self, district: District, number: int = 7) -> None:
        self.district = district
        self.account = district.account("caregiver", number)
        self.caregiver = self._day()["caregiver"]
        self.visits = self._give_visits()
        self.acts: list[tuple[str, str, datetime, datetime]] = []

    def _day(self) -> dict[str, Any]:
        with self.district.api(self.account["username"]) as own:
            told: dict[str, Any] = own.get("/api/v1/care/day/").raise_for_status().json()
        return told

    def _give_visits(self) -> list[str]:
        """Six of today, a minute after each other; whatever they had is taken from them."""
        today = datetime.now(SHANGHAI).date()
        first = datetime.now(SHANGHAI) - timedelta(minutes=20)
        earliest = datetime.combine(today, time(0, 1), SHANGHAI)
        latest = datetime.combine(today, time(23, 50), SHANGHAI)
        begin = min(max(first, earliest), latest)
        with self.district.api("lead") as lead:
            had = lead.get(f"/api/v1/visits/?caregiver={self.caregiver}&day={today}&limit=100")
            for each in had.raise_for_status().json()["results"]:
                lead.post(f"/api/v1/visits/{each['id']}/assign/", json={"caregivers": []})
            listed = lead.get("/api/v1/residents/?limit=100").raise_for_status().json()
            residents = [each for each in listed["results"] if each["life_state"] == "home"]
            return [
                self._visit(lead, each["id"], begin + number * timedelta(minutes=1))
                for number, each in zip(range(VISITS), residents, strict=False)
            ]

    def _visit(self, lead: httpx.Client, resident: str, begin: datetime) -> str:
        """A visit of tomorrow's plan, moved to the moment: plans make none that has begun."""
        day = (begin.date() + timedelta(days=1)).isoformat()
        plan = {
            "resident": resident,
            "service": "bathing",
            "tasks": TASKS,
            "duration_min": 30,
            "rule": "FREQ=DAILY;COUNT=1",
            "at": "09:00",
            "starts_on": day,
        }
        made = lead.post("/api/v1/care-plans/", json=plan).raise_for_status().json()
        listed = lead.get(f"/api/v1/visits/?resident={resident}&day={day}").json()["results"]
        visit: str = next(each["id"] for each in listed if each["plan"] == made["id"])
        moment = {"starts_at": begin.isoformat(), "ends_at": (begin + WINDOW).isoformat()}
        lead.post(f"/api/v1/visits/{visit}/move/", json=moment).raise_for_status()
        goes = {"caregivers": [self.caregiver]}
        lead.post(f"/api/v1/visits/{visit}/assign/", json=goes).raise_for_status()
        return visit

    def code(self, visit: str) -> str:
        """What the resident would say at the door."""
        with self.district.api("lead") as lead:
            code: str = lead.get(f"/api/v1/visits/{visit}/code/").raise_for_status().json()["code"]
        return code

    def place(self, visit: str) -> tuple[float, float]:
        """Where the home is."""
        [found] = [each for each in self._day()["visits"] if each["id"] == visit]
        lat, lon = found["position"]
        return lat, lon

    def asked(self, query: str, *values: object) -> list[Any]:
        """What stands in the database in the end."""
        with psycopg.connect(self.district.web.environ["DATABASE_URL"]) as connection:
            return connection.execute(query, values).fetchall()


def stand_at(context: BrowserContext, place: tuple[float, float]) -> None:
    context.set_geolocation({"latitude": place[0], "longitude": place[1], "accuracy": 12})


def go_to(page: Page, visit: str) -> None:
    page.evaluate("(visit) => { location.hash = `#/visit/${visit}`; }", visit)
    expect(page.locator("article.visit")).to_be_visible()


def kept(page: Page) -> int:
    """How many acts wait, as the band says."""
    words = page.locator("[data-waiting-text]").inner_text()
    return int("".join(sign for sign in words if sign.isdecimal()) or 0)


class Hands:
    """What the carer does on the page, with the moments between which it was done."""

    def __init__(self, page: Page, shift: Shift) -> None:
        self.page = page
        self.shift = shift

    def by_position(self, visit: str, kind: str) -> None:
        go_to(self.page, visit)
        before = datetime.now(UTC)
        self.page.get_by_role("button", name="I am there" if kind == "in" else "I leave").click()
        said = "Arrived" if kind == "in" else "Left"
        expect(self.page.locator("article.visit [data-part=status]")).to_contain_text(said)
        self.shift.acts.append((visit, kind, before, datetime.now(UTC)))

    def another_way(self, visit: str, kind: str, *, code: str = "", reason: str = "") -> None:
        go_to(self.page, visit)
        self.page.locator("#other-ways summary").click()
        before = datetime.now(UTC)
        if code:
            self.page.get_by_label("Code that the resident says").fill(code)
            self.page.get_by_role("button", name="With the code").click()
        else:
            self.page.get_by_label("By hand, because").select_option(reason)
            self.page.get_by_role("button", name="By hand", exact=True).click()
        after = "I leave: check out" if kind == "in" else "To the day"
        expect(self.page.get_by_text(after, exact=True)).to_be_visible()
        self.shift.acts.append((visit, kind, before, datetime.now(UTC)))

    def tick(self, visit: str, *, refused: str = "") -> None:
        go_to(self.page, visit)
        for task in TASKS:
            group = self.page.get_by_role("group", name=task)
            if task == refused:
                group.get_by_role("button", name="Not done").click()
                group.get_by_role("button", name="the resident did not want it").click()
                expect(group).to_contain_text("not done")
            else:
                group.get_by_role("button", name="Done", exact=True).click()
                expect(group.get_by_role("button", name="Done", exact=True)).to_have_attribute(
                    "aria-pressed", "true"
                )


def losing_an_answer(context: BrowserContext, lost: list[str]) -> None:
    """The first check-in and the first task reach the server, and their answers are lost."""

    def lose(route: Route) -> None:
        kind = route.request.url.rstrip("/").rpartition("/")[2]
        if kind in {"check-in", "tasks"} and kind not in lost:
            lost.append(kind)
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    context.route("**/api/v1/visits/**", lose)


def test_a_shift_of_six_visits_without_network(browser: Browser, district: District) -> None:
    shift = Shift(district)
    places = {visit: shift.place(visit) for visit in shift.visits}
    code = shift.code(shift.visits[2])
    context = a_context(
        browser,
        url=district.url,
        viewport={"width": 390, "height": 844},
        permissions=["geolocation"],
    )
    page = signed_in(context, shift.district.link_of(shift.account))
    expect(page.locator("article.next")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready")

    context.set_offline(True)
    _makes_the_first_three(page, context, shift, places, code)
    page = _restarts_the_telephone(page, context)
    _makes_the_others(page, context, shift, places)
    waiting = _closes_the_day_with_what_is_not_sent(page)

    lost: list[str] = []
    losing_an_answer(context, lost)
    context.set_offline(False)
    expect(page.get_by_text("Everything is sent. You may close the day.")).to_be_visible(
        timeout=SENT_MS
    )
    assert sorted(lost) == ["check-in", "tasks"]
    assert waiting == VISITS * (2 + len(TASKS)) + 2
    _stands_once_with_the_times_of_the_acts(shift)
    _is_gone_from_the_telephone_after_signing_out(page)


def _makes_the_first_three(
    page: Page,
    context: BrowserContext,
    shift: Shift,
    places: dict[str, tuple[float, float]],
    code: str,
) -> None:
    hands = Hands(page, shift)
    first, second, third = shift.visits[:3]
    for visit in (first, second):
        stand_at(context, places[visit])
        hands.by_position(visit, "in")
        hands.tick(visit, refused="dress" if visit == second else "")
        if visit == second:
            page.get_by_label("What others should know of this visit").fill("Slept badly.")
            page.get_by_role("button", name="Keep the note").click()
        hands.by_position(visit, "out")
    stand_at(context, places[third])
    go_to(page, third)
    page.get_by_role("button", name="Show how to get in").click()
    expect(page.locator("[data-part=door]")).to_be_visible()
    assert axe_violations(page) == []
    hands.another_way(third, "in", code=code)
    hands.tick(third)
    hands.by_position(third, "out")
    expect(page.locator("[data-band=waiting]")).to_contain_text("No network · 14 to send")


def _restarts_the_telephone(page: Page, context: BrowserContext) -> Page:
    before = kept(page)
    page.reload()
    expect(page.locator("article.visit")).to_be_visible()
    assert kept(page) == before
    url = page.url.partition("#")[0]
    page.close()
    page = context.new_page()
    page.goto(url)
    expect(page.locator("article.next")).to_be_visible()
    expect(page.locator("[data-band=waiting]")).to_contain_text("No network · 14 to send")
    assert axe_violations(page) == []
    return page


def _makes_the_others(
    page: Page,
    context: BrowserContext,
    shift: Shift,
    places: dict[str, tuple[float, float]],
) -> None:
    hands = Hands(page, shift)
    fourth, fifth, sixth = shift.visits[3:]
    hands.another_way(fourth, "in", code="000000")
    hands.tick(fourth)
    hands.another_way(fourth, "out", reason="no_position")
    hands.another_way(fifth, "in", reason="forgotten")
    hands.tick(fifth)
    stand_at(context, places[fifth])
    hands.by_position(fifth, "out")
    lat, lon = places[sixth]
    stand_at(context, (lat + 0.01, lon))
    go_to(page, sixth)
    before = datetime.now(UTC)
    page.get_by_role("button", name="I am there").click()
    expect(page.locator("article.visit [data-part=status]")).to_contain_text("more than 200 m")
    page.get_by_role("button", name="With this position all the same").click()
    expect(page.get_by_role("button", name="I leave")).to_be_visible()
    shift.acts.append((sixth, "in", before, datetime.now(UTC)))
    hands.tick(sixth)
    stand_at(context, places[sixth])
    hands.by_position(sixth, "out")


def _closes_the_day_with_what_is_not_sent(page: Page) -> int:
    page.get_by_role("link", name="End of day").click()
    expect(page.get_by_role("heading", name="On this phone, not sent yet")).to_be_visible()
    waiting = kept(page)
    assert page.locator("[data-part=waiting] > li").count() == waiting
    assert axe_violations(page) == []
    return waiting


def _stands_once_with_the_times_of_the_acts(shift: Shift) -> None:
    checks = shift.asked(CHECKS, shift.caregiver)
    ours = [row for row in checks if row[0] in shift.visits]
    assert [(row[0], row[1]) for row in ours] == [(visit, kind) for visit, kind, *_ in shift.acts]
    slack = timedelta(seconds=3)
    for row, (_visit, _kind, before, after) in zip(ours, shift.acts, strict=True):
        assert before - slack <= row[5] <= after + slack
        assert row[6] > after
        assert row[4], "it was sent late, and says so"
    methods = {(row[0], row[1]): (row[2], row[3]) for row in ours}
    numbers = {visit: number for number, visit in enumerate(shift.visits, start=1)}
    by_number = {(numbers[visit], kind): how for (visit, kind), how in methods.items()}
    assert by_number[1, "in"] == by_number[6, "in"] == ("gps", "")
    assert by_number[3, "in"] == ("code", "")
    assert by_number[4, "in"] == ("manual", "wrong_code")
    assert by_number[5, "in"] == ("manual", "forgotten")
    outcomes = [row for row in shift.asked(OUTCOMES, shift.caregiver) if row[0] in shift.visits]
    assert len(outcomes) == VISITS * len(TASKS)
    refused = [visit for visit, _task, *told in outcomes if told == ["not_done", "refused"]]
    assert refused == [shift.visits[1]]
    assert shift.asked(NOTES, shift.caregiver) == [(1,)]
    assert shift.asked(DOORS, f"visit:{shift.visits[2]}") == [(1,)]
    with shift.district.api("lead") as lead:
        states = [lead.get(f"/api/v1/visits/{each}/").json()["state"] for each in shift.visits]
    assert states == ["done"] * VISITS


def _is_gone_from_the_telephone_after_signing_out(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    left = page.evaluate(
        """async () => {
          const open = indexedDB.open("yian-care");
          await new Promise((resolve) => { open.onsuccess = resolve; });
          const all = (name) => new Promise((resolve) => {
            const request = open.result.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => resolve(request.result.length);
          });
          return [await all("kept"), await all("acts")];
        }"""
    )
    assert left == [0, 0]


def test_what_is_refused_is_shown_and_kept_until_somebody_decides(
    browser: Browser, district: District
) -> None:
    shift = Shift(district, number=9)
    [visit, other] = shift.visits[:2]
    context = a_context(browser, url=district.url, viewport={"width": 390, "height": 844})
    page = signed_in(context, shift.district.link_of(shift.account))
    expect(page.locator("article.next")).to_be_visible()

    go_to(page, visit)
    page.locator("#other-ways summary").click()
    page.get_by_label("Code that the resident says").fill("000 000")
    page.get_by_label("Code that the resident says").press("Enter")
    expect(page.get_by_text("This is not the code that the resident was given.")).to_be_visible()
    expect(page.locator("[data-band=refused]")).to_contain_text("1 not accepted.")
    expect(page.get_by_role("button", name="I am there")).to_be_visible()
    assert axe_violations(page) == []

    go_to(page, other)
    page.locator("#not-so summary").click()
    page.get_by_label("Because", exact=True).select_option("way")
    give_back = page.locator("[data-do=turn-down]")
    give_back.click()
    page.wait_for_timeout(700)
    give_back.click()
    expect(page.get_by_role("heading", name="This visit is not yours any more")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="End of day").click()
    expect(page.get_by_text("This is not the code that the resident was given.")).to_be_visible()
    page.get_by_role("button", name="Write it by hand instead").click()
    expect(page.get_by_text("Everything is sent. You may close the day.")).to_be_visible()
    [row] = [row for row in shift.asked(CHECKS, shift.caregiver) if row[0] == visit]
    assert row[1:4] == ("in", "manual", "wrong_code")
    with district.api("lead") as lead:
        given_back = lead.get(f"/api/v1/visits/{other}/").json()
    assert (given_back["state"], given_back["carers"]) == ("planned", [])


def test_the_app_looks_right_at_every_width_and_in_both_languages(
    browser: Browser, district: District
) -> None:
    account = district.account("caregiver", 10)
    known = a_context(browser, url=district.url)
    signed_in(known, district.link_of(account))
    session = [c for c in known.storage_state()["cookies"] if c["name"] != "django_language"]
    with district.api(account["username"]) as own:
        day = own.get("/api/v1/care/day/").json()
    today = [each["id"] for each in day["visits"] if each["day"] == day["from"]]
    addresses = ["", "#/week", "#/map", "#/end", *(f"#/visit/{visit}" for visit in today[-1:])]
    for language, scheme in (("zh-hans", "light"), ("en", "dark")):
        context = a_context(browser, url=district.url, language=language, color_scheme=scheme)
        context.add_cookies(session)  # type: ignore[arg-type]  # as playwright gave them
        page = context.new_page()
        for address in addresses:
            page.goto(f"{district.url}/care/{address}")
            expect(page.locator("[data-day-waits]")).to_have_count(0)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                assert axe_violations(page) == [], (language, address, width)
                fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                assert fits, (language, address, width)
        expect(page.locator("html")).to_have_attribute(
            "lang", "zh-Hans" if language != "en" else "en"
        )


def _loaded(page: Page, url: str) -> dict[str, float]:
    """What a page costs when nothing of it is on the telephone: bytes on the wire by kind."""
    kinds: dict[str, str] = {}
    loaded: dict[str, float] = {}
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "")
        loaded[kind] = loaded.get(kind, 0) + event["encodedDataLength"]

    cdp.on("Network.loadingFinished", finished)
    page.goto(url)
    expect(page.locator("article.next, .empty").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    return loaded


def test_the_first_load_is_at_most_a_hundred_kilobytes(
    browser: Browser, district: District
) -> None:
    known = a_context(browser, url=district.url)
    signed_in(known, district.link_of(district.account("caregiver", 8)))
    cookies = known.storage_state()["cookies"]
    cold = a_context(browser, url=district.url, service_workers="block")
    cold.add_cookies(cookies)  # type: ignore[arg-type]  # as playwright gave them

    loaded = _loaded(cold.new_page(), f"{district.url}/care/")

    cost = {kind: loaded[kind] for kind in ("Document", "Stylesheet", "Script")}
    assert all(cost.values()), loaded
    assert sum(cost.values()) <= FIRST_LOAD_MAX_BYTES, cost
