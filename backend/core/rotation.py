"""Bringing every encrypted value and blind index to the first key, while everything runs.

A row is looked at without a lock; only what is still under another key is locked, in short
batches that pass over rows which somebody holds. They come in the next round, so no write is ever
waited for or lost. Run again after a stop, it goes on with what is left.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from backend.core import crypto
from backend.core.crypto import Unreadable
from backend.core.fields import BlindIndexField, EncryptedField

ROUNDS = 20
"""So often rows are come back to that others held."""

Values = dict[str, Any]
Row = tuple[Any, Values]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where keyed values stand: columns of a table, and what they should be.

    `renewed` gives the columns of a row that have to change, and raises `Unreadable`.
    """

    table: str
    key: str
    columns: Sequence[str]
    renewed: Callable[[Any, Values], Values]
    unsourced: Callable[[Values], bool] = lambda _values: False
    """Whether a row has an index of a value that is not kept, which no other key can make."""


@dataclass
class Count:
    """What was found in one place."""

    table: str
    seen: int = 0
    renewed: int = 0
    held: int = 0
    """Under another key still, because somebody held the row."""
    left: int = 0
    """Under another key still."""
    clashes: int = 0
    """Two rows have one value that may stand once; they were written under different keys."""
    unreadable: int = 0
    """No key that is given opens them."""
    unsourced: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing here needs another key than the first."""
        return not (self.held or self.left or self.clashes or self.unreadable or self.unsourced)


@dataclass
class _Registry:
    places: list[Place] = field(default_factory=list)


_registry = _Registry()


def register(place: Place) -> None:
    """Name a place of keyed values that are no encrypted fields."""
    _registry.places.append(place)


def places() -> list[Place]:
    """All of them: those of every model, and those registered."""
    found = [_place_of(model) for model in apps.get_models()]
    return [place for place in found if place] + _registry.places


def rotate(
    place: Place, *, batch: int, pause_s: float, tell: Callable[[Count], None] = lambda _count: None
) -> Count:
    """Bring one place to the first key; `pause_s` is waited after each batch that was written."""
    count = Count(place.table)
    for number in range(ROUNDS):
        count = Count(place.table, renewed=count.renewed)
        for rows in _batches(place, batch):
            needy = _needy(place, rows, count)
            if needy:
                renewed = _renew(place, needy, count)
                count.renewed += renewed
                tell(count)
                time.sleep(pause_s)
        if not count.held:
            break
        time.sleep(pause_s * number)
    return count


def verify(place: Place, *, batch: int) -> Count:
    """Count what is not under the first key; nothing is written."""
    count = Count(place.table)
    for rows in _batches(place, batch):
        count.left += len(_needy(place, rows, count))
    return count


def _place_of(model: type[models.Model]) -> Place | None:
    own = model._meta.local_concrete_fields
    sealed = [each for each in own if isinstance(each, EncryptedField)]
    indexes = [each for each in own if isinstance(each, BlindIndexField)]
    if not sealed or not model._meta.managed or model._meta.proxy:
        return None

    def renewed(_key: Any, values: Values) -> Values:
        return _renewed_fields(sealed, indexes, values)

    def unsourced(values: Values) -> bool:
        return any(values[each.attname] and not values[_source(each).attname] for each in indexes)

    pk = model._meta.pk
    return Place(
        table=model._meta.db_table,
        key=pk.attname,
        columns=[each.attname for each in (*sealed, *indexes)],
        renewed=renewed,
        unsourced=unsourced,
    )


def _source(index: BlindIndexField) -> EncryptedField[Any, Any]:
    source = index.model._meta.get_field(index.of)
    if not isinstance(source, EncryptedField):
        raise TypeError(f"{index} indexes a field that is not encrypted")
    return source


def _renewed_fields(
    sealed: Sequence[EncryptedField[Any, Any]], indexes: Sequence[BlindIndexField], values: Values
) -> Values:
    changes: Values = {}
    for each in sealed:
        stored = values[each.attname]
        if stored and crypto.key_id_of(stored) != crypto.writing_key_id():
            text = crypto.decrypt(stored, context=each.context)
            changes[each.attname] = crypto.encrypt(text, context=each.context)
    for index in indexes:
        source = _source(index)
        stored = values[source.attname]
        if stored:
            wanted = str(index.index_of(crypto.decrypt(stored, context=source.context)))
            if wanted != values[index.attname]:
                changes[index.attname] = wanted
    return changes


def _batches(place: Place, batch: int) -> Iterator[list[Row]]:
    last: Any = None
    while True:
        after = "" if last is None else f'WHERE "{place.key}" > %s'
        rows = _select(
            place,
            f'{after} ORDER BY "{place.key}" LIMIT {batch:d}',
            [] if last is None else [last],
        )
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _select(place: Place, rest: str, given: Sequence[Any]) -> list[Row]:
    columns = ", ".join(f'"{each}"' for each in (place.key, *place.columns))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{place.table}" {rest}', given)  # noqa: S608
        return [(row[0], dict(zip(place.columns, row[1:], strict=True))) for row in cursor]


def _needy(place: Place, rows: Sequence[Row], count: Count) -> list[Any]:
    needy = []
    for key, values in rows:
        count.seen += 1
        count.unsourced += place.unsourced(values)
        try:
            if place.renewed(key, values):
                needy.append(key)
        except Unreadable:
            count.unreadable += 1
    return needy


def _renew(place: Place, keys: Sequence[Any], count: Count) -> int:
    try:
        with transaction.atomic():
            return _renew_free(place, keys, count)
    except IntegrityError:
        return sum(_renew_one(place, key, count) for key in keys)


def _renew_one(place: Place, key: Any, count: Count) -> int:
    try:
        with transaction.atomic():
            return _renew_free(place, [key], count)
    except IntegrityError:
        count.clashes += 1
        return 0


def _renew_free(place: Place, keys: Sequence[Any], count: Count) -> int:
    rows = _select(
        place,
        f'WHERE "{place.key}" = ANY(%s) ORDER BY "{place.key}" FOR NO KEY UPDATE SKIP LOCKED',
        [list(keys)],
    )
    for key, values in rows:
        _update(place, key, place.renewed(key, values))
    count.held += len(keys) - len(rows)
    return len(rows)


def _update(place: Place, key: Any, changes: Mapping[str, Any]) -> None:
    if not changes:
        return  # somebody wrote it in between
    columns = ", ".join(f'"{each}" = %s' for each in changes)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{place.table}" SET {columns} WHERE "{place.key}" = %s',  # noqa: S608
            [*changes.values(), key],
        )
