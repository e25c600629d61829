"""Static files are compressed for browsers that take it, and stay what they are."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpResponse
from django.test import Client

CSS = "/static/web/base.css"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def plain(path: str) -> bytes:
    return Path(str(finders.find(path.removeprefix("/static/")))).read_bytes()


def body(answer: object) -> bytes:
    if isinstance(answer, FileResponse):
        return answer.getvalue()
    assert isinstance(answer, HttpResponse)
    return answer.content


def test_a_stylesheet_comes_compressed_and_is_the_same(client: Client) -> None:
    for _ in range(2):
        answer = client.get(CSS, headers=GZIP)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(body(answer)) == plain(CSS)
    assert len(body(answer)) < len(plain(CSS)) / 3


def test_whoever_does_not_take_it_gets_it_as_it_is(client: Client) -> None:
    answer = client.get(CSS)

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert body(answer) == plain(CSS)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/web/icons/icon-192.png", {}),
        ("/static/web/icons/icon.svg", {}),
        (CSS, {"Range": "bytes=0-9"}),
    ],
)
def test_pictures_small_files_and_parts_come_as_they_are(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=GZIP | headers)

    assert "Content-Encoding" not in answer.headers
    assert plain(path).startswith(body(answer)[:10])


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    tag = client.get(CSS, headers=GZIP).headers["ETag"]

    assert client.get(CSS, headers=GZIP | {"If-None-Match": tag}).status_code == 304


@pytest.mark.django_db
def test_a_page_that_anybody_fills_is_not_compressed(client: Client) -> None:
    answer = client.get("/sign-in/", {"next": "/care/"}, headers=GZIP)

    assert "Content-Encoding" not in answer.headers
