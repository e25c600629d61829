"""`manage.py check --deploy` refuses what belongs to the demo."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from django.conf import settings as read_settings
from pytest_django import Settings

from backend.env import Env
from backend.runtime import checks, sealed
from backend.runtime.program import ROOT

PRODUCTION = {
    "yian_demo": False,
    "database_url": "postgresql://yian@db.example/yian",
    "public_url": "https://care.example",
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "secret",
    "twilio_from": "+8651000000000",
    "twilio_api_base": "",
}


def found(wrapper: Settings, tmp_path: Path, **changes: object) -> set[str | None]:
    env: Env = msgspec.structs.replace(
        read_settings.ENV, **{**PRODUCTION, "yian_state": str(tmp_path), **changes}
    )
    wrapper.ENV = env
    return {
        message.id
        for check in (checks.check_demo, checks.check_servers, checks.check_second_factor)
        for message in check()
    }


def test_a_production_environment_passes(settings: Settings, tmp_path: Path) -> None:
    assert found(settings, tmp_path) == set()


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"yian_demo": True}, "yian.E001"),
        ({"twilio_api_base": "http://127.0.0.1:8850"}, "yian.E003"),
        ({"public_url": "http://care.example"}, "yian.E004"),
        ({"twilio_from": ""}, "yian.E005"),
        ({"database_url": "postgresql:///yian?host=/tmp/yian-0a1b"}, "yian.W001"),
    ],
    ids=["demo", "phones", "http", "no provider", "embedded"],
)
def test_what_belongs_to_a_demo_or_trial_is_named(
    settings: Settings, tmp_path: Path, changes: dict[str, object], refused: str
) -> None:
    assert found(settings, tmp_path, **changes) == {refused}


def test_secrets_that_up_invented_are_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("SECRET_KEY=from-the-demo-0123456789-0123456789-0123\n")

    refused = found(settings, tmp_path, secret_key="from-the-demo-0123456789-0123456789-0123")

    assert refused == {"yian.E002"}


def test_the_way_around_the_second_factor_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = "000000"

    assert found(settings, tmp_path) == {"yian.E006"}


def production_environ(state: Path) -> dict[str, str]:
    """The whole environment of a district's server."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **{name.upper(): str(value) for name, value in PRODUCTION.items() if value},
        "ALLOWED_HOSTS": "care.example",
        "REDIS_URL": "redis://cache.example/0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "BACKUP_KEY": sealed.new_key()[1],
        "YIAN_STATE": str(state),
    }


def test_nothing_is_said_of_a_production_environment(tmp_path: Path) -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    ran = subprocess.run(
        (sys.executable, "-W", "ignore", *check),
        cwd=ROOT,
        env=production_environ(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert [line.partition(" ")[0] for line in ran.stderr.splitlines() if "yian." in line] == ["?:"]
    assert "(yian.I001)" in ran.stderr
