"""The message ledger: each message of a device is taken once in 7 days, a provider's in 3 years."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import msgspec
from django.db import connection

KEPT = timedelta(days=7)
SIGNED = "signed:"
"""How the sources begin whose messages carry a signature without a time: whoever keeps one of
those could play it again as long as the secret is the same."""
SIGNED_KEPT = timedelta(days=3 * 365)
"""Longer than a secret should be used, and as long as the calls of people who ring us are kept."""
FORGOTTEN_AT_ONCE = 20_000

Message = tuple[str, str]
"""Source and key."""


def take(source: str, key: str, *, now: datetime, result: str = "") -> bool:
    """True for the first to bring this message; belongs to the current transaction.

    A second bringer waits until the first one's transaction has ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ledgerentry (source, key, received_at, result) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [source, key, now, result],
        )
        return bool(cursor.rowcount == 1)


def take_all(
    messages: Collection[Message], *, again_after: timedelta | None = None
) -> set[Message]:
    """Those of these different messages that nobody has brought; set-wise `take`.

    With `again_after`, a message that came longer ago than that counts as another one. Keys are
    taken in one order everywhere, so that two bringers never wait for each other.
    """
    if not messages:
        return set()
    ordered = sorted(messages)
    sent = [_as_json(source for source, _ in ordered), _as_json(key for _, key in ordered)]
    with connection.cursor() as cursor:
        if again_after is None:
            cursor.execute(_TAKE_NEW, sent)
        else:
            cursor.execute(_TAKE_NEW_OR_OLD, [*sent, f"{again_after.total_seconds()} s"])
        return set(ordered).difference(cursor.fetchall())


def _as_json(texts: Iterable[str]) -> str:
    """A list as one parameter: an array's elements would be escaped one by one, in Python."""
    return msgspec.json.encode(list(texts)).decode()


_SENT = """
WITH sent AS MATERIALIZED (
  SELECT source, key FROM ROWS FROM (
    json_array_elements_text(%s::json), json_array_elements_text(%s::json)
  ) AS sent (source, key)
), taken AS (
  INSERT INTO core_ledgerentry (source, key, received_at, result)
  SELECT source, key, now(), '' FROM sent
  ON CONFLICT (source, key) """
_KNOWN = """
  RETURNING source, key
)
SELECT source, key FROM sent EXCEPT ALL SELECT source, key FROM taken
"""
_TAKE_NEW = f"{_SENT} DO NOTHING {_KNOWN}"
_TAKE_NEW_OR_OLD = f"""{_SENT} DO UPDATE SET received_at = EXCLUDED.received_at, result = ''
    WHERE core_ledgerentry.received_at < now() - %s::interval {_KNOWN}"""


def result_of(message: Message) -> str:
    """What was noted when the message was taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT result FROM core_ledgerentry WHERE source = %s AND key = %s", message
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def note_result(message: Message, result: str) -> None:
    """Note what became of a message that the current transaction took."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_ledgerentry SET result = %s WHERE source = %s AND key = %s",
            [result, *message],
        )


def forget_old(*, now: datetime) -> int:
    """Forget the messages past their time, in portions; returns how many."""
    forgotten = 0
    while portion := _forget_portion(now):
        forgotten += portion
    return forgotten


def _forget_portion(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_ledgerentry WHERE id IN"
            " (SELECT id FROM core_ledgerentry WHERE received_at < %s"
            "  AND (received_at < %s OR NOT starts_with(source, %s)) LIMIT %s)",
            [now - KEPT, now - SIGNED_KEPT, SIGNED, FORGOTTEN_AT_ONCE],
        )
        return int(cursor.rowcount)
