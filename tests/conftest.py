"""What every test gets."""

import gc
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from backend.core import clock
from backend.runtime.management.commands.migrate import GARBAGE_LATER
from tests import emptying, template
from tests.builders import NOON

pytest_plugins = ("tests.scanning",)

emptying.install()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is a copy of the one that was migrated."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template.when_ready()


@pytest.fixture(scope="session")
def demo_district(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The small demo district at noon, planted once; each test finds it untouched.

    What the command wrote, to be read only. The tests that live in it are the last ones, as the
    district stays until the end.
    """
    out = tmp_path_factory.mktemp("demo") / "seed.json"
    quick = override_settings(
        ENV=msgspec.structs.replace(settings.ENV, policy_pack="demo"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), quick, transaction.atomic():
        with clock.set_to(NOON):
            call_command("seed_demo", out=out, small=True)
        yield out
        transaction.set_rollback(True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those who live in the demo district come last."""
    items.sort(key=lambda item: "demo_district" in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What was loaded until now stays: it need not be looked through for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_LATER)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """No test speaks with the world: loopback and Unix sockets only."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """The next test speaks the language of the settings, whatever this one spoke."""
    translation.deactivate()
