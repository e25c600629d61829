"""What every test gets."""

import gc

import pytest
from django.db import connections
from pytest_socket import socket_allow_hosts

from tests import emptying, template

emptying.install()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is a copy of the one that was migrated."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template.when_ready()


def pytest_collection_finish() -> None:
    """What was loaded until now stays: it need not be looked through for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*template.GARBAGE_LATER)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """No test speaks with the world: loopback and Unix sockets only."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
