"""Twilio's own client, with time-outs, without retries, at an address of our choice."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

TIMEOUT_S = 10.0
"""For connecting and for each read; shorter than a delivery may be held."""

# Twilio's client writes request addresses, which may hold phone numbers, at INFO.
_log = logging.getLogger("notifications.senders.twilio.http")
_log.setLevel(logging.WARNING)


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # it has no types
    """Twilio's HTTP client; with `api_base` the same paths and forms go to that address.

    A POST is never repeated here: Twilio may have done it before the answer was lost.
    """

    def __init__(self, *, api_base: str | None, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s, max_retries=0, logger=_log)
        self.api_base = urlsplit(api_base.rstrip("/")) if api_base else None
        # An address of our own is reached directly, whatever proxy leads to Twilio.
        self.session.trust_env = self.api_base is None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Make the request that Twilio's client asks for, at our address."""
        return super().request(method, self._rebased(url), *args, **kwargs)

    def _rebased(self, url: str) -> str:
        if self.api_base is None:
            return url
        asked = urlsplit(url)
        path = self.api_base.path + asked.path
        return urlunsplit(
            (self.api_base.scheme, self.api_base.netloc, path, asked.query, asked.fragment)
        )


def make_client(
    *, account_sid: str, auth_token: str, api_base: str | None = None, timeout_s: float = TIMEOUT_S
) -> Client:
    """A Twilio client for one account; `api_base` None means Twilio itself."""
    http_client = RebasedHttpClient(api_base=api_base, timeout_s=timeout_s)
    return Client(account_sid, auth_token, http_client=http_client)
