"""Refusals: a page in plain words to people, RFC 9457 to programs."""

import re
from collections.abc import Callable

import httpx
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from backend.accounts.doors import open_page
from backend.accounts.errors import TooManyAttempts
from backend.asgi import application
from backend.core.bodies import LIMIT_BYTES
from backend.urls import handler400, handler403, handler404, handler500
from backend.urls import urlpatterns as real
from backend.web import error_pages
from tests.builders import Answer, a_user, api_of, signed_in

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LEAVE = "/sign-out/"
INSIDES = re.compile(
    r"traceback|exception|error:|django|python|psycopg|select |column|constraint|\.py\b|/work"
    r"|secret of the house|line \d|csrf|debug|<class|0x[0-9a-f]{6}",
    re.I,
)
SECRET = "secret of the house: column id of constraint people_pk"


def breaking(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    """A view in which something goes wrong."""

    @open_page("only in this test")
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


BROKEN = {
    "400": SuspiciousOperation(SECRET),
    "403": PermissionDenied(SECRET),
    "429": TooManyAttempts(retry_after_s=120, minutes=2),
    "500": RuntimeError(SECRET),
}
urlpatterns = [path(f"broken/{name}/", breaking(error)) for name, error in BROKEN.items()] + real
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def refused(name: str, accept: str, language: str) -> Answer:
    """What somebody is answered whose request cannot be done."""
    asked = {"accept": accept, "accept-language": language}
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=asked)
    match name:
        case "404":
            return browser.get("/nothing/")
        case "405":
            return browser.get(LEAVE)
        case "csrf":
            return browser.post(LEAVE)
        case _:
            return browser.get(f"/broken/{name}/")


REFUSALS = [*BROKEN, "404", "405", "csrf"]
TITLES = {
    "400": ("This request was not understood", "没有看懂"),
    "403": ("This page is not open to you", "您没有查看此页的权限"),
    "404": ("There is nothing here", "这里没有内容"),
    "405": ("This address is no page", "这个地址不能直接打开"),
    "429": ("Please wait 2 min", "2 分钟"),
    "500": ("This did not work on our side", "我们"),
    "csrf": ("This page was open too long", "页面打开的时间太久了"),
}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("language", "number"), [("en", 0), ("zh-hans", 1)])
@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_a_page_in_the_readers_language_that_tells_nothing_of_our_insides(
    name: str, language: str, number: int
) -> None:
    answer = refused(name, BROWSER, language)

    page = answer.content.decode()
    words = re.sub(r"<head>.*?</head>|<[^>]+>", " ", page, flags=re.S)
    assert str(answer.status_code) == {"csrf": "403"}.get(name, name)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert TITLES[name][number] in words
    assert not INSIDES.search(words), INSIDES.search(words)
    assert SECRET not in page


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_a_problem_to_a_program_that_tells_nothing_of_our_insides(
    name: str,
) -> None:
    answer = refused(name, "application/json", "en")

    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert not INSIDES.search(told["detail"]), told["detail"]
    assert set(told) <= {"type", "title", "status", "code", "detail", "incident"}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_who_has_to_wait_is_told_for_how_long_and_what_is_no_page_what_it_takes() -> None:
    assert refused("429", BROWSER, "en").headers["Retry-After"] == "120"
    assert refused("405", BROWSER, "en").headers["Allow"] == "POST"


@pytest.mark.django_db
def test_a_session_without_its_pages_token_is_told_no_more_than_that() -> None:
    strict = signed_in(a_user(role="lead"))
    strict.handler.enforce_csrf_checks = True
    elsewhere = {"origin": "https://evil.example", "accept-language": "en"}

    answers = [
        strict.post("/api/v1/alerts/", {}, content_type="application/json", headers=headers)
        for headers in ({"accept-language": "en"}, elsewhere)
    ]

    assert [each.json()["code"] for each in answers] == ["csrf_failed"] * 2
    assert answers[0].content == answers[1].content


@pytest.mark.django_db
def test_a_body_that_is_no_json_is_told_so_in_the_readers_language() -> None:
    program = api_of(a_user(role="lead"))
    answers = {
        language: program.generic(
            "POST",
            "/api/v1/residents/",
            '{"name": ',
            "application/json",
            headers={"accept-language": language},
        ).json()
        for language in ("en", "zh-hans")
    }

    assert {each["code"] for each in answers.values()} == {"malformed"}
    assert answers["en"]["detail"] == "Malformed request."
    assert "char" not in answers["zh-hans"]["detail"]
    assert answers["zh-hans"]["detail"] != answers["en"]["detail"]


async def too_much(accept: str, language: str) -> httpx.Response:
    """A photo that is larger than its door takes."""
    transport = httpx.ASGITransport(app=application)
    headers = {"accept": accept, "accept-language": language}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as browser:
        return await browser.post(
            "/complaints/new/", content=bytes(9 * LIMIT_BYTES + 1), headers=headers
        )


@pytest.mark.parametrize(
    ("language", "words"), [("en", "At most 9 MB"), ("zh-hans", "一次最多接收 9 MB")]
)
async def test_a_photo_that_is_too_large_is_told_so_on_a_page(language: str, words: str) -> None:
    answer = await too_much(BROWSER, language)

    assert answer.status_code == 413
    assert words in answer.text
    assert "style-src 'self'" in answer.headers["content-security-policy"]
    assert (await too_much("application/json", language)).json()["code"] == "too_large"


def a_request(path: str, accept: str = BROWSER) -> HttpRequest:
    return RequestFactory().get(path, headers={"accept": accept})


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/v1/nothing", BROWSER),
        ("/ingest/v1/nothing", "*/*"),
        ("/nothing", "application/json"),
        ("/nothing", "application/problem+json"),
    ],
)
def test_a_program_gets_a_problem_with_a_code(client: Client, path: str, accept: str) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_person_gets_a_page_with_a_way_on_and_a_number_to_call(client: Client) -> None:
    answer = client.get("/nothing", headers={"accept": BROWSER, "accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is nothing here" in page
    assert 'href="tel:120"' in page
    assert 'href="/"' in page


@pytest.mark.parametrize(
    ("path", "style", "home"),
    [
        ("/desk/x", "web/desk.css", "/desk/"),
        ("/care/x", "web/care.css", "/care/"),
        ("/x", "web/elder.css", "/"),
    ],
)
def test_a_page_of_error_looks_like_the_app_it_came_from(path: str, style: str, home: str) -> None:
    page = error_pages.server_error(a_request(path)).content.decode()
    assert style in page
    assert f'<a class="button" href="{home}">' in page


def test_our_own_failure_is_told_without_asking_the_database() -> None:
    # No django_db mark: a query here would fail the test.
    answer = error_pages.server_error(a_request("/"))
    assert answer.status_code == 500


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (error_pages.bad_request(a_request("/"), exception=ValueError()), 400),
        (error_pages.forbidden(a_request("/"), exception=ValueError()), 403),
        (error_pages.csrf_failure(a_request("/"), reason="no cookie"), 403),
        (error_pages.not_found(a_request("/"), exception=ValueError()), 404),
        (error_pages.server_error(a_request("/")), 500),
    ],
    ids=["bad request", "forbidden", "token too old", "not found", "our failure"],
)
def test_every_refusal_keeps_its_status(answer: object, status: int) -> None:
    assert getattr(answer, "status_code", None) == status


def test_our_own_failure_is_a_number_that_stands_in_the_log_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "duplicate key value violates: +8613800000000"
    for accept in (BROWSER, "application/json"):
        try:
            raise RuntimeError(secret)
        except RuntimeError:
            answer = error_pages.server_error(a_request("/", accept)).content.decode()
        incident = caplog.records[-1].getMessage()
        assert incident.split()[1].rstrip(":") in answer
        assert incident.endswith("RuntimeError")
        assert secret not in answer + incident
        assert "RuntimeError" not in answer


def test_an_old_token_is_explained_and_nothing_was_sent() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/web/theme", {"choice": "night"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "Nothing was sent." in answer.content.decode()


def test_errors_speak_chinese_by_default() -> None:
    with translation.override("zh-hans"):
        assert (
            "这里没有内容"
            in error_pages.not_found(a_request("/"), exception=ValueError()).content.decode()
        )
