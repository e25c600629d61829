"""What Twilio's error codes ask of us, as data.

Codes change (21211 and 21614 were split in 2024), so those not listed here are
judged by the HTTP status alone.

Source: twilio.com/docs/api/errors; changelog 2024-07-10 (number validation errors);
twilio.com/docs/iam/test-credentials for 21210, 21212 and 21215 to 21217.
"""

from __future__ import annotations

from collections.abc import Mapping

from notifications.senders.port import (
    Backoff,
    ContentRefused,
    DeadNumber,
    OurConfiguration,
    RefusedByPerson,
    SendError,
    Unknown,
)

REFUSALS: Mapping[int, type[SendError]] = {
    21211: DeadNumber,  # not a phone number
    21214: DeadNumber,  # cannot be reached
    21217: DeadNumber,  # does not appear to be valid
    21265: DeadNumber,  # a short code
    21614: DeadNumber,  # not a mobile number
    21635: DeadNumber,  # a landline
    30005: DeadNumber,  # unknown handset
    30006: DeadNumber,  # landline or unreachable carrier
    21610: RefusedByPerson,  # replied STOP
    20003: OurConfiguration,  # wrong account or token
    21210: OurConfiguration,  # caller number not verified
    21212: OurConfiguration,  # caller number invalid
    21215: OurConfiguration,  # no permission to ring this country
    21216: OurConfiguration,  # not allowed to ring this number
    21408: OurConfiguration,  # no permission to text this country
    21606: OurConfiguration,  # caller number cannot text
    21612: OurConfiguration,  # no route between the two numbers
    21659: OurConfiguration,  # caller number not ours
    30002: OurConfiguration,  # account suspended
    30024: OurConfiguration,  # sender not provisioned at the carrier
    30034: OurConfiguration,  # sender not registered
    60220: OurConfiguration,  # use case not approved for the country
    21617: ContentRefused,  # text too long
    30007: ContentRefused,  # filtered by the carrier
    20500: Unknown,  # Twilio failed within
}

RETRY_AFTER_S: Mapping[int, float] = {
    20429: 2.0,  # too many requests
    21611: 60.0,  # queue of the caller number is full
    22005: 60.0,  # queue of calls is full
    30001: 60.0,  # queue overflow
}

RETRY_ONCE_AFTER_S: Mapping[int, float] = {
    30003: 180.0,  # handset off or out of reach
    30008: 60.0,  # carrier says nothing more
}

NOT_CARRIED_STATUS = frozenset({429, 503})
"""Statuses that say the request was turned away before anything was done."""

UNAVAILABLE_RETRY_S = 2.0
CARRIER_RETRY_S = 60.0


def error_for(code: int | None, *, http_status: int | None = None, detail: str = "") -> SendError:
    """The error of the port for Twilio's code, else for the HTTP status.

    Without either (a callback with a code nobody knows) the carrier failed, and one
    more try is worth it.
    """
    if code is not None and (error := _error_for_code(code, detail)):
        return error
    if http_status is None:
        return Backoff(detail, retry_after_s=CARRIER_RETRY_S, once=True, provider_code=code)
    return _error_for_status(http_status, code=code, detail=detail)


def _error_for_code(code: int, detail: str) -> SendError | None:
    if code in REFUSALS:
        return REFUSALS[code](detail, provider_code=code)
    if code in RETRY_AFTER_S:
        return Backoff(detail, retry_after_s=RETRY_AFTER_S[code], provider_code=code)
    if code in RETRY_ONCE_AFTER_S:
        wait_s = RETRY_ONCE_AFTER_S[code]
        return Backoff(detail, retry_after_s=wait_s, once=True, provider_code=code)
    return None


def _error_for_status(status: int, *, code: int | None, detail: str) -> SendError:
    """By the class of the status; a 5xx other than 503 may come after the deed: unknown."""
    if status in NOT_CARRIED_STATUS:
        return Backoff(detail, retry_after_s=UNAVAILABLE_RETRY_S, provider_code=code)
    if status >= 500:
        return Unknown(detail, provider_code=code)
    return OurConfiguration(detail, provider_code=code)
