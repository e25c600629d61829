"""Whoever was deleted at their wish does not come back by a table or a slip of the hand."""

from datetime import date, datetime

from django.db.models import Q

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


def is_buried(resident: Resident) -> bool:
    """Whether somebody who is to be taken in was deleted before."""
    by_number = (
        crypto.blind_index(resident.id_number, context="id_number") if resident.id_number else ""
    )
    by_person = _person_index(resident.name, resident.birth_date)
    known = Q(pk__in=())
    if by_number:
        known |= Q(id_number_index=by_number)
    if by_person:
        known |= Q(person_index=by_person)
    return Tombstone.objects.filter(known, lifted_at=None).exists()


def lift(tombstone: Tombstone, *, by: str, now: datetime) -> None:
    """They came again and said so: they may be taken in."""
    Tombstone.objects.filter(pk=tombstone.pk, lifted_at=None).update(lifted_at=now, lifted_by=by)


def _person_index(name: str, birth_date: date | None) -> str:
    if not name or birth_date is None:
        return ""
    return crypto.blind_index(f"{name}\0{birth_date.isoformat()}", context="person")
