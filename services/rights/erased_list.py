"""The list of the deleted, kept outside of the database: a restored backup does not know them.

One line a person: the key of their empty row, and when. It names nobody. `manage.py
replay_erasures` deletes again whoever an old backup brought back.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from backend.people.models import Resident, Tombstone

NAME = "erased.jsonl"


def path() -> Path:
    """Where it lies: beside the database's folder, not in it."""
    folder: Path = settings.STATE_DIR
    return folder / NAME


def add(resident_id: UUID, at: datetime) -> None:
    """Write one person down."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as file:
        file.write(json.dumps({"resident": str(resident_id), "at": at.isoformat()}) + "\n")


def entries() -> Iterator[UUID]:
    """Everybody on it."""
    if path().exists():
        for line in path().read_text(encoding="utf-8").splitlines():
            yield UUID(json.loads(line)["resident"])


def complete() -> int:
    """Write down whom the database buried and the list does not know; returns how many."""
    known = set(entries())
    missing = [each for each in Tombstone.objects.all() if each.resident_id not in known]
    for tombstone in missing:
        add(tombstone.resident_id, tombstone.deleted_at)
    return len(missing)


def brought_back() -> list[Resident]:
    """Whoever is on the list and has no tombstone here: an old backup brought them back."""
    buried = Tombstone.objects.values("resident_id")
    found = Resident.objects.filter(pk__in=list(entries())).exclude(pk__in=buried)
    return list(found.select_related("area", "household"))
