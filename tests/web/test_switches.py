"""Language, text size and light or night, kept in cookies by whoever looks."""

import pytest
from django.test import Client

SWITCHES = [
    ("/web/text-size", "choice", "large", "text_size"),
    ("/web/theme", "choice", "night", "theme"),
    ("/web/language", "language", "en", "django_language"),
]


@pytest.mark.parametrize(("path", "field", "choice", "cookie"), SWITCHES)
def test_a_choice_is_kept_and_leads_back(
    client: Client, path: str, field: str, choice: str, cookie: str
) -> None:
    answer = client.post(path, {field: choice, "next": "/care/?day=2"})
    assert answer.headers["Location"] == "/care/?day=2"
    assert answer.cookies[cookie].value == choice


@pytest.mark.parametrize("path", [path for path, *_ in SWITCHES])
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:0"])
def test_a_choice_leads_nowhere_else(client: Client, path: str, elsewhere: str) -> None:
    assert client.post(path, {"next": elsewhere}).headers["Location"] == "/"


def test_a_choice_that_does_not_exist_is_not_kept(client: Client) -> None:
    answer = client.post("/web/text-size", {"choice": "enormous", "next": "/"})
    assert "text_size" not in answer.cookies


@pytest.mark.parametrize("path", [path for path, *_ in SWITCHES])
def test_a_link_cannot_switch(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405
