"""A portion of rows at once, without one that cannot be done holding up the others."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from django.db.models import Model

from backend.core.contained import contained

Row = TypeVar("Row", bound=Model)


def all_or_each(what: str, rows: Sequence[Row], work: Callable[[Sequence[Row]], object]) -> None:
    """Do a portion in one transaction; where that fails, each row in one of its own.

    A row that fails even so is logged and comes again when its lease ends.
    """
    if contained(what, partial(work, rows)) or len(rows) == 1:
        return
    for row in rows:
        contained(f"{what}, {row.pk}", partial(work, [row]))
