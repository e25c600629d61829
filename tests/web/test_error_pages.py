"""Refusals: a page in plain words to people, RFC 9457 to programs."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from backend.web import error_pages

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


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
