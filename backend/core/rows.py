"""Rows of which there is one or none."""

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

Row = TypeVar("Row", bound=models.Model)


def one_or_none(rows: models.QuerySet[Row]) -> Row | None:
    """The only row, or None.

    `first()` would sort the one row by its key, and to write that down for a wide model costs
    more than to read it.

    Raises:
        MultipleObjectsReturned: there are several.
    """
    try:
        return rows.get()
    except ObjectDoesNotExist:
        return None
