"""Real servers on loopback for the senders: hooks, telephones, and Twilio's client between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notifications.senders.twilio.sender import TwilioSender
from tests.notifications.senders.hook_server import HookServer
from tests.notifications.senders.phone_server import (
    Telephones,
    a_sender,
    running_telephones,
)


@pytest.fixture
def hooks() -> Iterator[HookServer]:
    """A server in place of Yian."""
    with HookServer().running() as server:
        yield server


@pytest.fixture
def telephones(hooks: HookServer) -> Iterator[Telephones]:
    """Telephones that know where Yian is."""
    with running_telephones(public_url=hooks.url) as running:
        yield running


@pytest.fixture
def sender(hooks: HookServer, telephones: Telephones) -> TwilioSender:
    """The production sender, its Twilio being the telephones."""
    return a_sender(telephones, public_url=hooks.url)
