"""A table of residents: read first, applied when somebody says so, nothing overwritten unseen."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.audit.actions import record as audit
from backend.audit.models import AuditRow
from backend.core import journal
from backend.core.models import JournalEvent
from backend.people import actions as people
from backend.people.models import Contact, Household, LifePeriod, Resident
from backend.places.models import Address, Area
from backend.places.queries import office_of
from backend.places.search import searchable
from devices.enrolment import policies
from devices.enrolment.errors import ImportOver
from devices.enrolment.importing.planned import Person, Planned
from devices.enrolment.importing.planning import plan
from devices.enrolment.importing.reading import read_rows
from devices.enrolment.models import ImportRun

BATCH = 1_000


def read_import(
    content: bytes,
    *,
    file_name: str,
    area: Area,
    areas: Iterable[Area],
    by: str,
    now: datetime,
) -> tuple[ImportRun, list[Planned]]:
    """Say what a table would do, and keep it for a day; nobody is written.

    Raises:
        NoTable, TableTooLarge: it cannot be read.
    """
    planned = plan(read_rows(content), areas=areas, today=timezone.localdate(now))
    counts = _counts(planned)
    with transaction.atomic():
        forget_old_tables(now=now)
        run = ImportRun.objects.create(
            area=area,
            file_name=file_name[:120],
            sha256=hashlib.sha256(content).hexdigest(),
            content=base64.b64encode(content).decode(),
            rows=len(planned),
            to_create=counts["new"],
            to_change=counts["changed"],
            unchanged=counts["same"],
            refused=counts["refused"],
            read_at=now,
            read_by=by,
        )
        _note(run, "import.read", AuditRow.Action.CREATE, by=by, now=now)
    return run, planned


def _counts(planned: Sequence[Planned]) -> dict[str, int]:
    kinds = [row.kind for row in planned]
    return {kind: kinds.count(kind) for kind in ("new", "changed", "same", "refused")}


def forget_old_tables(*, now: datetime) -> int:
    """Drop the content of tables that nobody applied within a day; returns how many are so old."""
    return ImportRun.objects.filter(read_at__lt=now - policies.IMPORT_KEPT).update(content="")


def planned_of(run: ImportRun, *, areas: Iterable[Area], now: datetime) -> list[Planned]:
    """What a kept table would do now.

    Raises:
        ImportOver: it was applied or forgotten.
    """
    if not run.content:
        raise ImportOver
    content = base64.b64decode(run.content)
    return plan(read_rows(content), areas=areas, today=timezone.localdate(now))


@transaction.atomic
def apply_import(
    run: ImportRun,
    *,
    areas: Iterable[Area],
    change_rows: Collection[int],
    by: str,
    now: datetime,
) -> ImportRun:
    """Enrol the new ones, and change those whose rows were ticked; the rest stays as it is.

    The table is compared anew, so what happened since the dry run is not overwritten unseen.

    Raises:
        ImportOver: it was applied or forgotten.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("area").get(pk=run.pk)
    planned = planned_of(run, areas=areas, now=now)
    new = [row.person for row in planned if row.kind == "new" and row.person]
    _create(new, by=by, now=now)
    ticked = [row for row in planned if row.kind == "changed" and row.number in change_rows]
    whole_homes = _homes_that_move(ticked)
    for row in ticked:
        _change(row, whole_homes, by=by, now=now)
    run.created, run.changed = len(new), len(ticked)
    run.applied_at, run.applied_by, run.content = now, by, ""
    run.save()
    _note(run, "import.applied", AuditRow.Action.CHANGE, by=by, now=now)
    return run


def _create(people_of_rows: Sequence[Person], *, by: str, now: datetime) -> None:
    """Write many at once; whoever shares an address within the table shares a home."""
    homes = _homes(people_of_rows)
    today = timezone.localdate(now)
    residents = [
        Resident(
            household=homes[_home_key(person)],
            area=person.area,
            life_state_since=today,
            **person.details,
        )
        for person in people_of_rows
    ]
    Resident.objects.bulk_create(residents, batch_size=BATCH)
    LifePeriod.objects.bulk_create(
        (
            LifePeriod(
                resident=each,
                state=each.life_state,
                since=today,
                recorded_at=now,
                recorded_by=by,
            )
            for each in residents
        ),
        batch_size=BATCH,
    )
    Contact.objects.bulk_create(
        (
            Contact(resident=resident, order=order, **contact)
            for resident, person in zip(residents, people_of_rows, strict=True)
            for order, contact in enumerate(person.contacts, start=1)
        ),
        batch_size=BATCH,
    )
    _note_enrolled(residents, people_of_rows, by=by, now=now)


def _home_key(person: Person) -> tuple[int, str]:
    return person.area.pk, searchable(person.address)


def _homes(people_of_rows: Sequence[Person]) -> dict[tuple[int, str], Household]:
    """A home for each address; one that is known and lived in is used again."""
    keys = {_home_key(person): person for person in people_of_rows}
    known = Household.objects.filter(
        address__area__in={area for area, _ in keys},
        address__search_text__in={text for _, text in keys},
        residents__isnull=False,
    ).select_related("address")
    homes = {
        (home.address.area_id, home.address.search_text): home
        for home in known.order_by("-pk").distinct()
    }
    homes = {key: home for key, home in homes.items() if key in keys}
    missing = {key: person for key, person in keys.items() if key not in homes}
    addresses = [_address(person) for person in missing.values()]
    Address.objects.bulk_create(addresses, batch_size=BATCH)
    made = [
        Household(address=address, **person.entry)
        for address, person in zip(addresses, missing.values(), strict=True)
    ]
    Household.objects.bulk_create(made, batch_size=BATCH)
    return homes | dict(zip(missing, made, strict=True))


def _address(person: Person) -> Address:
    """Where the area's office is, until somebody says better."""
    middle = office_of(person.area)
    return Address(
        area=person.area,
        text=person.address,
        search_text=searchable(person.address),
        lat=middle.lat if middle else None,
        lon=middle.lon if middle else None,
        position_source="area" if middle else "",
    )


def _note_enrolled(
    residents: Sequence[Resident],
    people_of_rows: Sequence[Person],
    *,
    by: str,
    now: datetime,
) -> None:
    """The same audit row and event that enrolling one by one leaves behind."""
    names = [sorted(person.details) for person in people_of_rows]
    rows = list(zip(residents, names, strict=True))
    AuditRow.objects.bulk_create(
        (
            AuditRow(
                at=now,
                actor=by,
                action=AuditRow.Action.CREATE,
                subject=f"resident:{each.pk}",
                resident_id=each.pk,
                fields=fields,
            )
            for each, fields in rows
        ),
        batch_size=BATCH,
    )
    JournalEvent.objects.bulk_create(
        (
            JournalEvent(
                subject=f"resident:{each.pk}",
                type="resident.enrolled",
                at=now,
                by=by,
                area_path=each.area.path,
                resident_id=each.pk,
                data={"fields": fields},
            )
            for each, fields in rows
        ),
        batch_size=BATCH,
    )


def _homes_that_move(rows: Sequence[Planned]) -> set[UUID]:
    """Homes of which everybody moves to the same new address; of others only who is ticked does."""
    moves: dict[UUID, dict[UUID, tuple[int, str]]] = defaultdict(dict)
    for row in rows:
        if row.existing and row.person and row.moves:
            moves[row.existing.household_id][row.existing.pk] = _home_key(row.person)
    living: dict[UUID, set[UUID]] = defaultdict(set)
    people_there = Resident.objects.filter(household__in=moves)
    for key, home in people_there.values_list("pk", "household"):
        living[home].add(key)
    return {
        home
        for home, places in moves.items()
        if living[home] == set(places) and len(set(places.values())) == 1
    }


def _change(row: Planned, whole_homes: Collection[UUID], *, by: str, now: datetime) -> None:
    person, resident = row.person, row.existing
    if person is None or resident is None:
        return
    fields = {each.field for each in row.differences}
    own = {name: value for name, value in person.details.items() if name in fields}
    if own:
        people.change_resident(resident, changes=own, by=by, now=now)
    home: dict[str, Any] = {name: text for name, text in person.entry.items() if name in fields}
    if row.moves and resident.household_id in whole_homes:
        home |= {"address": person.address, "area": person.area}
    if row.moves and resident.household_id not in whole_homes:
        _move_out(resident, person, by=by, now=now)
    elif home:
        people.change_household(resident.household, changes=home, by=by, now=now)
    known = {contact.phone for contact in resident.contacts.all()}
    for contact in person.contacts:
        if contact["phone"] not in known:
            people.add_contact(
                resident=resident,
                name=contact["name"],
                relation=contact["relation"],
                phone=contact["phone"],
                by=by,
                now=now,
            )


def _move_out(resident: Resident, person: Person, *, by: str, now: datetime) -> None:
    """Let one of a home live elsewhere, in a home that is known there or a new one."""
    [home] = _homes([person]).values()
    people.change_resident(resident, changes={"household": home}, by=by, now=now)


def _note(run: ImportRun, event: str, action: AuditRow.Action, *, by: str, now: datetime) -> None:
    counts = {
        "rows": run.rows,
        "created": run.created,
        "changed": run.changed,
        "refused": run.refused,
    }
    audit(actor=by, action=action, subject=run.reference, now=now, fields=sorted(counts))
    journal.append(run.reference, event, at=now, by=by, area_path=run.area.path, data=counts)
