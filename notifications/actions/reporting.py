"""What providers report of an attempt: merged, in any order, as often as it comes."""

from datetime import datetime

from django.db import transaction

from notifications.actions.attempting import locked_with_delivery, move, note_error
from notifications.actions.settling import settle
from notifications.models import Attempt
from notifications.senders.port import SendError
from notifications.senders.states import REACHED_NOBODY, AttemptState, merge


@transaction.atomic
def report_status(
    attempt: Attempt,
    state: AttemptState,
    *,
    now: datetime,
    provider_id: str = "",
    error: SendError | None = None,
) -> None:
    """Take in one report; one that says nothing new changes nothing.

    States only ever rise (`merge`), so what was known when the attempt was read is known still.
    """
    said = AttemptState(attempt.state)
    if error is None and attempt.provider_id and merge(said, state) is said:
        return
    locked, delivery = locked_with_delivery(attempt)
    if error is not None and not locked.error_code:
        locked.error_code = error.code
        locked.provider_code = error.provider_code
    news = move(locked, state, now=now, provider_id=provider_id)
    if news and error is not None and AttemptState(locked.state) in REACHED_NOBODY:
        note_error(locked, delivery, error, now=now)
    elif news:
        settle(delivery, locked, now=now)
