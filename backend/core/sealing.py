"""Steps of migrations that encrypt what a column held in the clear: in batches, resumable.

Processes of the version before are stopped first: they would go on writing in the clear.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import migrations
from django.db.backends.utils import CursorWrapper

from backend.core import crypto
from backend.core.crypto import Unreadable
from backend.core.fields import as_json

BATCH = 500

Column = tuple[str, str]
"""A table and its column."""


def seal_texts(table: str, *columns: str) -> Any:
    """Encrypt texts where they stand."""
    return _each(table, [(column, column, _sealed_text) for column in columns])


def seal_values(table: str, *columns: str) -> Any:
    """Encrypt values of any kind into `<column>_sealed`, which is to be `<column>` afterwards."""
    return _each(table, [(column, f"{column}_sealed", _sealed_value) for column in columns])


def index_texts(table: str, column: str, index: str, *, context: str) -> Any:
    """Make the blind index of an encrypted column."""

    def made(stored: str, to: str) -> str:
        return crypto.blind_index(crypto.decrypt(stored, context=to), context=context)

    return _each(table, [(column, index, made)])


def copy_by_index(*, into: Column, index: str, source: Column, source_index: str) -> Any:
    """Fill an encrypted column that has an index only from another table's with the same."""
    (table, column), (other, kept) = into, source

    def run(_apps: Any, schema: Any) -> None:
        with schema.connection.cursor() as cursor:
            cursor.execute(
                f'SELECT DISTINCT ON (t."{index}") t."{index}", s."{kept}" '  # noqa: S608
                f'FROM "{table}" t JOIN "{other}" s ON s."{source_index}" = t."{index}" '
                f"WHERE t.\"{column}\" = '' AND s.\"{kept}\" <> ''"
            )
            for found, stored in cursor.fetchall():
                text = crypto.decrypt(stored, context=f"{other}.{kept}")
                sealed = crypto.encrypt(text, context=f"{table}.{column}")
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = %s WHERE "{index}" = %s',  # noqa: S608
                    [sealed, found],
                )

    return migrations.RunPython(run)


def _each(table: str, steps: list[tuple[str, str, Callable[[Any, str], str]]]) -> Any:
    def run(_apps: Any, schema: Any) -> None:
        with schema.connection.cursor() as cursor:
            for source, target, made in steps:
                for rows in _batches(cursor, table, source):
                    given = [(key, made(value, f"{table}.{source}")) for key, value in rows]
                    cursor.executemany(
                        f'UPDATE "{table}" SET "{target}" = %s WHERE id = %s',  # noqa: S608
                        [(value, key) for key, value in given],
                    )

    return migrations.RunPython(run)


def _batches(cursor: CursorWrapper, table: str, column: str) -> Iterator[list[tuple[Any, Any]]]:
    """Rows that hold something, in the order of their key."""
    holds = f"to_jsonb(\"{column}\") NOT IN ('\"\"', 'null')"
    last: Any = None
    while True:
        after = "" if last is None else "AND id > %s"
        cursor.execute(
            f'SELECT id, to_jsonb("{column}")::text FROM "{table}" '  # noqa: S608 - our own names
            f"WHERE {holds} {after} ORDER BY id LIMIT {BATCH}",
            [] if last is None else [last],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        yield [(key, json.loads(value)) for key, value in rows]
        last = rows[-1][0]


def _sealed_text(text: str, context: str) -> str:
    """Encrypted, unless an earlier try did it."""
    try:
        crypto.decrypt(text, context=context)
    except Unreadable:
        return crypto.encrypt(text, context=context)
    return text


def _sealed_value(value: Any, context: str) -> str:
    return crypto.encrypt(as_json(value), context=context)
