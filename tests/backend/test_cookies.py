"""What browsers keep for us is theirs and ours alone, and by https only where we are."""

import json
import subprocess
import sys
from http.cookies import Morsel
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.test import Client
from pytest_django import Settings

from backend.accounts import known_browsers, totp
from backend.core import clock
from backend.runtime.program import ROOT
from tests.backend.runtime.test_deploy_checks import production_environ
from tests.builders import NOON, PASSWORD, a_user

ASK = """
import json
import django
from django.conf import settings
django.setup()
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import Client, RequestFactory
plain = Client().get("/robots.txt", headers={"host": "care.example"})
page = Client().get("/robots.txt", secure=True, headers={"host": "care.example"})
with_form = CsrfViewMiddleware(lambda request: HttpResponse(get_token(request)))
form = with_form(RequestFactory().get("/", secure=True))
print(json.dumps({
    "redirected": [plain.status_code, plain.headers["Location"]],
    "hsts": page.headers["Strict-Transport-Security"],
    "cookies": {name: morsel.OutputString() for name, morsel in form.cookies.items()},
    "session": [
        settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN,
        settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
        settings.SESSION_COOKIE_SAMESITE,
    ],
}))
"""


def test_a_production_server_sets_cookies_for_itself_alone_and_speaks_https_only(
    tmp_path: Path,
) -> None:
    environ = production_environ(tmp_path) | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    ran = subprocess.run(
        (sys.executable, "-W", "ignore", "-c", ASK),
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["redirected"] == [301, "https://care.example/robots.txt"]
    assert told["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert list(told["cookies"]) == ["__Host-csrftoken"]
    flags = told["cookies"]["__Host-csrftoken"]
    assert all(flag in flags for flag in ("Path=/", "SameSite=Lax", "Secure"))
    assert "Domain" not in flags
    assert told["session"] == ["__Host-sessionid", "/", None, True, True, "Lax"]


def cookies_of_a_day(*, secure: bool) -> dict[str, Morsel[str]]:
    """All that a browser is given by signing in fully and choosing a look."""
    browser, secret = Client(), totp.new_secret()
    user = a_user(role="operator", password=PASSWORD)
    totp.enrol(user, secret=secret, now=NOON)
    with clock.set_to(NOON):
        form = {"username": user.username, "password": PASSWORD}
        code = {"code": totp.code_at(secret, NOON)}
        browser.get("/sign-in/staff/", secure=secure)
        browser.post("/sign-in/staff/", form, secure=secure)
        browser.post("/sign-in/second-factor/", code, secure=secure)
        browser.post("/web/theme", {"choice": "night"}, secure=secure)
    return dict(browser.cookies.items())


@pytest.mark.django_db
@pytest.mark.parametrize("secure", [True, False])
def test_no_cookie_is_sent_along_by_other_sites_and_scripts_read_none_but_the_pages_token(
    settings: Settings, secure: bool
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure

    cookies = cookies_of_a_day(secure=secure)

    token = ours.CSRF_COOKIE_NAME
    assert {ours.SESSION_COOKIE_NAME, token, known_browsers.COOKIE} < set(cookies)
    for name, cookie in cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name
        assert bool(cookie["secure"]) == secure, name
        assert bool(cookie["httponly"]) == (name != token), name
