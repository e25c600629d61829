"""The message ledger: each message of a device or provider is taken once in 7 days."""

from datetime import datetime, timedelta

from django.db import connection

KEPT = timedelta(days=7)


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
