"""Twilio's codes, sorted by what they ask of us."""

import pytest

from notifications.senders.port import (
    Backoff,
    ContentRefused,
    DeadNumber,
    OurConfiguration,
    RefusedByPerson,
    SendError,
    Unknown,
)
from notifications.senders.twilio.errors import error_for


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (21211, DeadNumber),
        (21635, DeadNumber),
        (30006, DeadNumber),
        (21610, RefusedByPerson),
        (20003, OurConfiguration),
        (21408, OurConfiguration),
        (30007, ContentRefused),
        (20429, Backoff),
        (30008, Backoff),
        (20500, Unknown),
    ],
)
def test_a_known_code_decides_whatever_the_status(code: int, kind: type[SendError]) -> None:
    error = error_for(code, http_status=400)

    assert type(error) is kind
    assert error.provider_code == code


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, OurConfiguration), (401, OurConfiguration), (429, Backoff), (503, Backoff)],
)
def test_an_unknown_code_goes_by_its_status(status: int, kind: type[SendError]) -> None:
    assert type(error_for(99999, http_status=status)) is kind


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_failure_that_may_come_after_the_deed_is_unknown(status: int) -> None:
    assert type(error_for(None, http_status=status)) is Unknown


def test_a_handset_that_is_off_is_tried_once_more_after_minutes() -> None:
    error = error_for(30003)

    assert isinstance(error, Backoff)
    assert error.once
    assert error.retry_after_s >= 120


def test_an_unknown_code_in_a_callback_is_tried_once_more() -> None:
    error = error_for(99999)

    assert isinstance(error, Backoff)
    assert error.once
