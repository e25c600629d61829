"""What the tests of notifications share."""

from collections.abc import Iterator

import msgspec
import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from notifications import routes
from tests.notifications import questions  # noqa: F401 - registers what the tests ask
from tests.notifications.senders.phone_server import Telephones, a_sender, running_telephones


@pytest.fixture
def phones(live_server: LiveServer, settings: Settings) -> Iterator[Telephones]:
    """The demo's telephones, which carry everything and call our real hooks."""
    settings.ENV = msgspec.structs.replace(settings.ENV, public_url=live_server.url)
    with (
        running_telephones(public_url=live_server.url) as telephones,
        routes.only(a_sender(telephones, public_url=live_server.url)),
    ):
        yield telephones
