"""Real servers for the test session, there before Django reads its settings.

Loaded by `-p tests.servers`. One PostgreSQL and one Valkey serve the session; with pytest-xdist
the controller starts them and every worker uses them, in a database and a Valkey number of its own.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from backend.runtime import throwaway
from tests import template

ENVIRON = {
    **dict.fromkeys(("MQTT_URL", "MQTT_PORT", "WATCH_PORT", "YIAN_DEMO", "DEMO_PHONES_URL"), ""),
    **dict.fromkeys(("MIGRATE_DATABASE_URL", "AUDIT_KEYS", "AUDIT_CHECKPOINTS"), ""),
    "PUBLIC_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "token-of-the-tests",
    "TWILIO_FROM": "+8651000000000",
    "TWILIO_API_BASE": "http://127.0.0.1:9",  # nobody answers there
}
WORKER = "PYTEST_XDIST_WORKER"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment before pytest-django loads the settings."""
    if WORKER in os.environ:
        number = int(os.environ[WORKER].removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
    else:
        _start(early_config)
    yield


def _start(config: pytest.Config) -> None:
    stack = ExitStack()
    config.add_cleanup(stack.close)
    os.environ.update({**ENVIRON, **stack.enter_context(throwaway.servers())})
    template.begin(config)
