"""Whoever was deleted at their wish does not come back by a table or a slip of the hand."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from backend.core import crypto
from backend.people.models import Resident, Tombstone


def bury(resident: Resident, *, now: datetime) -> Tombstone:
    """Remember, in keyed hashes, that somebody was deleted; before what names them is gone."""
    tombstone, _ = Tombstone.objects.update_or_create(
        resident_id=resident.pk,
        defaults={
            "id_number_index": resident.id_number_index,
            "person_index": _person_index(resident.name, resident.birth_date),
            "deleted_at": now,
            "lifted_at": None,
        },
    )
    return tombstone


def tombstones_of(
    *, name: str, birth_date: date | None, id_number: str = ""
) -> QuerySet[Tombstone]:
    """Of somebody who is to be taken in, and was deleted before; lifted ones are none."""
    by_number = crypto.blind_index(id_number, context="id_number") if id_number else ""
    by_person = _person_index(name, birth_date)
    known = Q(pk__in=())
    if by_number:
        known |= Q(id_number_index=by_number)
    if by_person:
        known |= Q(person_index=by_person)
    return Tombstone.objects.filter(known, lifted_at=None)


def lift_tombstones(tombstones: QuerySet[Tombstone], *, by: str, now: datetime) -> int:
    """They came again and said so: they may be taken in."""
    return tombstones.filter(lifted_at=None).update(lifted_at=now, lifted_by=by)


def _person_index(name: str, birth_date: date | None) -> str:
    if not name or birth_date is None:
        return ""
    return crypto.blind_index(f"{name}\0{birth_date.isoformat()}", context="person")
