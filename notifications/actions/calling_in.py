"""Somebody rings us: the call is written down, a key means something once, silence is not lost."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from backend.core import journal
from backend.core.contained import contained
from notifications import inbound, policies
from notifications.actions.bridging import end_bridge, miss, open_bridge
from notifications.inbound import HELP_KEY, Answer, Asking, Caller, Connection
from notifications.models import Bridge, CallIn, Channel
from notifications.replies import Spoken

SILENT_AFTER = timedelta(minutes=3)
"""Twice the menu and its silence; a call without a key by then is taken for silence, although
nobody told us that it ended."""
LINE_FORGOTTEN_AFTER = timedelta(hours=2)
"""Nobody is said to be on the line for longer, should the news of the end have been lost."""
MISSED_AFTER = timedelta(minutes=1)
"""Longer than a receiver, once taken up, is asked for its key; a caller whom nobody has by then is
to be rung back, although nobody told us that the ringing ended."""

logger = logging.getLogger(__name__)


@transaction.atomic
def begin_call(call: CallIn, *, now: datetime) -> CallIn:
    """Write down that somebody rings, once however often the provider asks."""
    kept, is_new = CallIn.objects.get_or_create(
        provider_id=call.provider_id, defaults=_defaults(call)
    )
    if is_new:
        _tell(kept, "phone.ringing", now)
    return kept


def _defaults(call: CallIn) -> dict[str, Any]:
    fields = ("phone", "person", "name", "resident_id", "area_path", "began_at")
    return {name: getattr(call, name) for name in fields}


@transaction.atomic
def take_key(call: CallIn, key: str, *, now: datetime) -> Spoken | Asking | Bridge:
    """Let a key mean what it means, "" for silence; the same key again is answered the same.

    Where a choice is asking, `key` is all that was pressed since its own key.

    Who has pressed something already is not taken for silent. Long after the end of the call a key
    is one that somebody kept and plays again: it means nothing.
    """
    locked = CallIn.objects.select_for_update().get(pk=begin_call(call, now=now).pk)
    known = locked.answers.get(key)
    if known is not None:
        return _as_before(locked, known)
    is_late = policies.is_call_in_played_again(locked, now=now)
    if is_late if key else locked.answers:
        return Spoken("inbound_goodbye")
    answer = mean(Caller(locked.phone, Channel.VOICE, locked.provider_id), key, now)
    if isinstance(answer, Connection):
        bridge = open_bridge(locked, answer, now=now)
        locked.answers[key] = {"bridge": str(bridge.pk)}
    elif isinstance(answer, Asking):
        before = _kept(answer.before) if answer.before else None
        locked.answers[key] = {"asking": _kept(answer.said), "before": before}
    else:
        locked.answers[key] = _kept(answer)
    locked.save(update_fields=["answers"])
    return bridge if isinstance(answer, Connection) else answer


def _kept(spoken: Spoken) -> dict[str, Any]:
    return {"template": spoken.template, "context": dict(spoken.context)}


def _as_before(call: CallIn, known: dict[str, Any]) -> Spoken | Asking | Bridge:
    if "bridge" in known:
        return call.bridges.get(pk=known["bridge"])
    if "asking" in known:
        before = known["before"]
        return Asking(Spoken(**known["asking"]), Spoken(**before) if before else None)
    return Spoken(known["template"], known["context"])


def mean(caller: Caller, key: str, now: datetime) -> Answer:
    """What a key does; where a choice cannot be served the caller is rung back, and not dropped.

    Raises:
        OperationalError, InterfaceError: the database is away; the same key will come again.
    """
    if key in {"", HELP_KEY}:
        return inbound.answer(caller, key, now)
    try:
        with transaction.atomic():
            return inbound.answer(caller, key, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("key %s of the menu could not be served", key)
        return inbound.answer(caller, "", now)


@transaction.atomic
def end_call(call: CallIn, *, now: datetime) -> None:
    """The caller has hung up; who said nothing before that is not dropped."""
    locked = CallIn.objects.select_for_update().get(pk=call.pk)
    if locked.ended_at is not None:
        return
    if not locked.answers:
        take_key(locked, "", now=now)
        locked.refresh_from_db()
    for bridge in locked.bridges.filter(ended_at=None):
        miss(bridge, now=now)
        spoke_s = int((now - (bridge.taken_at or now)).total_seconds())
        end_bridge(bridge, spoke_s=spoke_s, now=now)
    locked.ended_at = now
    locked.save(update_fields=["ended_at"])
    _tell(locked, "phone.ended", now)


def see_to_silent(*, now: datetime) -> None:
    """See to those of whose end nobody told us: who pressed nothing, and whom nobody took."""
    open_ones = CallIn.objects.filter(ended_at=None)
    silent = open_ones.filter(began_at__lte=now - SILENT_AFTER, answers={})
    forgotten = open_ones.filter(began_at__lte=now - LINE_FORGOTTEN_AFTER)
    for call in [*silent, *forgotten.exclude(answers={})]:
        contained(f"the end of inbound call {call.pk}", partial(end_call, call, now=now))
    rung = Bridge.objects.filter(inbound__ended_at=None, taken_at=None, missed_at=None)
    for bridge in rung.filter(until_at__lte=now - MISSED_AFTER):
        contained(f"the end of connection {bridge.pk}", partial(miss, bridge, now=now))


def _tell(call: CallIn, event: str, now: datetime) -> None:
    """To the desk of the area only: a family does not hear when somebody telephones."""
    journal.append(call.reference, event, at=now, area_path=call.area_path)
