"""What every test gets."""

import pytest
from pytest_socket import socket_allow_hosts


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """No test speaks with the world: loopback and Unix sockets only."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
