"""The port over Twilio: texts and calls, with our attempt id in every callback address."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from requests.exceptions import ConnectionError as RequestConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from notifications.senders.port import (
    MAINLAND_PREFIX,
    Backoff,
    Capabilities,
    Channel,
    OutgoingCall,
    OutgoingText,
    Sent,
    Unknown,
)
from notifications.senders.twilio.callbacks import call_state, message_state
from notifications.senders.twilio.client import make_client
from notifications.senders.twilio.errors import UNAVAILABLE_RETRY_S, error_for

TWILIO_CAPABILITIES = Capabilities(
    channels=frozenset({Channel.SMS, Channel.VOICE}),
    unreachable={Channel.VOICE: (MAINLAND_PREFIX,)},
)
"""Source: support.twilio.com 360016488474, no calls to mainland China since 2023-11-30."""

ANYWHERE = Capabilities(channels=frozenset({Channel.SMS, Channel.VOICE}))
"""At an address of our own, which may reach whom it likes."""

CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
CLOCK_DIFFERENCE = timedelta(seconds=5)
"""How far Twilio's clock, told in whole seconds, may be behind ours."""
LISTED = 20
OVER_ALREADY = 21220
"""Source: twilio.com/docs/api/errors/21220, the call is not in a state to be changed."""


class TwilioSender:
    """Texts and calls through one Twilio account and one number."""

    name = "twilio"

    def __init__(
        self, *, client: Client, from_number: str, public_url: str, capabilities: Capabilities
    ) -> None:
        self.client = client
        self.from_number = from_number
        self.hooks = f"{public_url.rstrip('/')}/hooks/v1/twilio"
        self.capabilities = capabilities

    def prepare(self) -> None:
        """Import the parts of Twilio's client that it imports at their first use (0.5 s)."""
        for part in ("calls", "messages"):
            getattr(self.client, part)

    def send(self, message: OutgoingText | OutgoingCall) -> Sent:
        """Carry the message once; see `Sender.send`."""
        with _errors_of_the_port():
            if isinstance(message, OutgoingText):
                return self._send_text(message)
            return self._send_call(message)

    def lookup(self, channel: Channel, provider_id: str) -> Sent | None:
        """What Twilio says of its id now; see `Sender.lookup`."""
        with _errors_of_the_port():
            try:
                if channel is Channel.SMS:
                    text = self.client.messages(provider_id).fetch()
                    return Sent(text.sid, message_state(text.status))
                call = self.client.calls(provider_id).fetch()
                return Sent(call.sid, call_state(call.status))
            except TwilioRestException as error:
                if error.status == 404:
                    return None
                raise

    def find(
        self,
        message: OutgoingText | OutgoingCall,
        *,
        since: datetime,
        known: Collection[str] = (),
    ) -> Sent | None:
        """The message among the newest to this person; see `Sender.find`.

        Twilio's own date filters pass over what is still queued, so the dates are
        compared here.
        """
        earliest = since - CLOCK_DIFFERENCE
        with _errors_of_the_port():
            if isinstance(message, OutgoingText):
                texts = self.client.messages.list(
                    to=message.to, from_=self.from_number, limit=LISTED
                )
                for text in texts:
                    same = text.body == message.body and text.sid not in known
                    if same and _is_since(text.date_created, earliest):
                        return Sent(text.sid, message_state(text.status))
                return None
            calls = self.client.calls.list(to=message.to, from_=self.from_number, limit=LISTED)
            for call in calls:
                if call.sid not in known and _is_since(call.date_created, earliest):
                    return Sent(call.sid, call_state(call.status))
            return None

    def stop(self, provider_id: str) -> None:
        """End the call, ringing or answered; see `Sender.stop`."""
        with _errors_of_the_port():
            try:
                self.client.calls(provider_id).update(status="completed")
            except TwilioRestException as error:
                if error.status != 404 and error.code != OVER_ALREADY:
                    raise

    def _send_text(self, text: OutgoingText) -> Sent:
        created = self.client.messages.create(
            to=text.to,
            from_=self.from_number,
            body=text.body,
            status_callback=f"{self.hooks}/message-status/{text.attempt}",
        )
        return Sent(created.sid, message_state(created.status))

    def _send_call(self, call: OutgoingCall) -> Sent:
        created = self.client.calls.create(
            to=call.to,
            from_=self.from_number,
            url=f"{self.hooks}/voice/{call.attempt}",
            status_callback=f"{self.hooks}/call-status/{call.attempt}",
            status_callback_event=CALL_EVENTS,
            timeout=call.ring_timeout_s,
        )
        return Sent(created.sid, call_state(created.status))


def make_sender(
    *,
    account_sid: str,
    auth_token: str,
    from_number: str,
    public_url: str,
    api_base: str | None = None,
) -> TwilioSender:
    """A sender for one account; `api_base` None means Twilio itself, with its limits."""
    return TwilioSender(
        client=make_client(account_sid=account_sid, auth_token=auth_token, api_base=api_base),
        from_number=from_number,
        public_url=public_url,
        capabilities=ANYWHERE if api_base else TWILIO_CAPABILITIES,
    )


@contextmanager
def _errors_of_the_port() -> Iterator[None]:
    """Turn what Twilio's client raises into the port's errors."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise error_for(error.code, http_status=error.status, detail=_words(error)) from error
    except RequestConnectionError as error:
        if _never_connected(error):
            raise Backoff(str(error), retry_after_s=UNAVAILABLE_RETRY_S) from error
        raise Unknown(str(error)) from error
    except (RequestException, TwilioException, ValueError) as error:
        raise Unknown(str(error)) from error


def _never_connected(error: RequestConnectionError) -> bool:
    """Whether nothing was sent, so that sending again cannot double it."""
    if isinstance(error, ConnectTimeout):
        return True
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _words(error: TwilioRestException | TwilioServiceException) -> str:
    """What Twilio wrote, without the terminal colours its `str` may put in."""
    if isinstance(error, TwilioRestException):
        return str(error.msg)
    return str(error.detail or error.title)


def _is_since(created_at: datetime | None, earliest: datetime) -> bool:
    """Whether it is new; what Twilio has not dated yet is."""
    return created_at is None or created_at >= earliest
