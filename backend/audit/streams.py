"""Reading more rows than memory would hold."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

PORTION = 5_000


def stream(
    query: str, parameters: Sequence[int | datetime | list[int]] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, through a cursor of the database; needs a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while portion := cursor.fetchmany(PORTION):
            yield from portion
