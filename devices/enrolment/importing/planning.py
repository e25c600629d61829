"""What a table would do: each row is new, the same, another than we know, or refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core.errors import Invalid
from backend.people import identity, phones
from backend.people.models import Resident
from backend.places.models import Area
from devices.enrolment.errors import NoTable
from devices.enrolment.importing import columns
from devices.enrolment.importing.columns import CONTACTS, NEEDED

PERSON = (
    "name",
    "id_number",
    "birth_date",
    "sex",
    "phone",
    "second_phone",
    "living",
    "mobility",
    "language",
    "dialect",
)
ENTRY = ("door_code", "key_holder", "entry_notes")
LONGEST = {"name": 60, "address": 200}


@dataclass(frozen=True)
class Person:
    """One row that can be used: who, where, and whom to call."""

    details: Mapping[str, Any]
    area: Area
    address: str
    entry: Mapping[str, str]
    contacts: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Difference:
    """A field that would change; what stood and will stand there, identity numbers masked."""

    field: str
    before: str
    after: str


@dataclass
class Planned:
    """A row and what would become of it; `number` is its line in the table, the heading is 1."""

    number: int
    name: str
    person: Person | None = None
    existing: Resident | None = None
    differences: list[Difference] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Column and code of each thing that is wrong."""

    @property
    def kind(self) -> str:
        """refused, new, same or changed."""
        if self.errors:
            return "refused"
        if self.existing is None:
            return "new"
        return "changed" if self.differences else "same"


def plan(rows: Sequence[Sequence[str]], *, areas: Iterable[Area], today: date) -> list[Planned]:
    """Understand each row and compare it with who is enrolled; `areas` are those one may use.

    Raises:
        NoTable: the heading lacks a column that is needed.
    """
    heading = columns.columns_of(list(rows[0]))
    missing = [column for column in NEEDED if column not in heading]
    if missing:
        raise NoTable(why="columns", columns=missing)
    reader = _Reader(areas, today)
    planned = [
        reader.read(number, _cells(heading, row)) for number, row in enumerate(rows[1:], start=2)
    ]
    _refuse_repeated(planned)
    _compare(planned, reach={area.pk for area in reader.areas})
    return planned


def _cells(heading: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {column: cell.strip() for column, cell in zip(heading, row, strict=False) if column}


class _Reader:
    """Reads rows of one table."""

    def __init__(self, areas: Iterable[Area], today: date) -> None:
        """Know the areas by what tables call them."""
        self.today = today
        self.areas = list(areas)
        self._by_name: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            for name in {area.name, area.path, area.path.rstrip("."), area.path.replace(".", "")}:
                self._by_name[name].append(area)

    def read(self, number: int, cells: Mapping[str, str]) -> Planned:
        """One row; everything that is wrong with it, not only the first."""
        planned = Planned(number, cells.get("name", "")[:60])
        details = self._details(cells, planned)
        area = self._area(cells.get("area", ""), planned)
        for column in ("name", "address"):
            text = cells.get(column, "")
            if not text:
                planned.errors.append((column, "required"))
            elif len(text) > LONGEST[column]:
                planned.errors.append((column, "too_long"))
        contacts = [
            contact
            for each in range(1, CONTACTS + 1)
            if (contact := self._contact(f"contact{each}_", cells, planned))
        ]
        if not planned.errors and area is not None:
            entry = {name: cells[name] for name in ENTRY if cells.get(name)}
            planned.person = Person(details, area, cells["address"], entry, contacts)
        return planned

    def _area(self, said: str, planned: Planned) -> Area | None:
        found = self._by_name.get(said, [])
        if len(found) == 1:
            return found[0]
        code = "required" if not said else "ambiguous_area" if found else "unknown_area"
        planned.errors.append(("area", code))
        return None

    def _details(self, cells: Mapping[str, str], planned: Planned) -> dict[str, Any]:
        details: dict[str, Any] = {}
        for column in PERSON:
            said = cells.get(column, "")
            if not said:
                continue
            try:
                details[column] = self._value(column, said)
            except Invalid as error:
                codes = error.data.get("fields", {}).get(column) or [error.code]
                planned.errors.append((column, codes[0]))
        if "id_number" in details:
            self._read_card(details, planned)
        return details

    def _value(self, column: str, said: str) -> Any:
        if column in {"phone", "second_phone"}:
            return _phone(column, said)
        if column == "birth_date":
            return self._day(said)
        if column == "living":
            return _known(column, columns.several(column, said))
        if column in columns.CHOICES:
            return _known(column, columns.choice(column, said))
        if column == "id_number":
            return identity.read_id_number(said, today=self.today).number
        return said

    def _day(self, said: str) -> date:
        day = columns.day(said)
        if day is None:
            raise Invalid(fields={"birth_date": ["bad_date"]})
        if day > self.today:
            raise Invalid(fields={"birth_date": ["in_the_future"]})
        return day

    def _read_card(self, details: dict[str, Any], planned: Planned) -> None:
        card = identity.read_id_number(details["id_number"], today=self.today)
        if details.get("birth_date", card.birth_date) != card.birth_date:
            planned.errors.append(("birth_date", "differs_from_id_number"))
        if details.get("sex", card.sex) not in (card.sex, Resident.Sex.UNKNOWN):
            planned.errors.append(("sex", "differs_from_id_number"))
        details["birth_date"], details["sex"] = card.birth_date, card.sex

    def _contact(
        self, prefix: str, cells: Mapping[str, str], planned: Planned
    ) -> dict[str, str] | None:
        name, phone = cells.get(f"{prefix}name", ""), cells.get(f"{prefix}phone", "")
        relation = cells.get(f"{prefix}relation", "")
        if not (name or phone or relation):
            return None
        if not name or len(name) > LONGEST["name"]:
            planned.errors.append((f"{prefix}name", "required" if not name else "too_long"))
        word = columns.choice("relation", relation) if relation else "relative"
        if word is None:
            planned.errors.append((f"{prefix}relation", "unknown_choice"))
        try:
            number = phones.normalized(phone)
        except Invalid:
            planned.errors.append((f"{prefix}phone", "bad_phone" if phone else "required"))
            return None
        return {"name": name, "relation": word or "", "phone": number}


def _phone(column: str, said: str) -> str:
    try:
        return phones.normalized(said)
    except Invalid as error:
        raise Invalid(fields={column: ["bad_phone"]}) from error


def _known(column: str, value: Any) -> Any:
    if value is None:
        raise Invalid(fields={column: ["unknown_choice"]})
    return value


def _refuse_repeated(planned: Sequence[Planned]) -> None:
    """The second row with an identity number, or with the same name and telephone."""
    seen: set[tuple[str, ...]] = set()
    for row in planned:
        if row.person is None:
            continue
        for column, key in _keys(row.person.details):
            if key in seen:
                row.errors.append((column, "twice_in_table"))
            seen.add(key)


def _keys(details: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    if details.get("id_number"):
        yield "id_number", ("id", details["id_number"])
    if details.get("phone"):
        yield "phone", ("phone", details["phone"], details["name"])


def _compare(planned: Sequence[Planned], *, reach: set[int]) -> None:
    """Find who is enrolled already: by identity number, else by telephone and name."""
    usable = [row for row in planned if row.person and not row.errors]
    by_card, by_phone = _enrolled(usable)
    for row in usable:
        assert row.person is not None  # noqa: S101 - chosen so
        details = row.person.details
        found = by_card.get(details.get("id_number", ""))
        found = found or by_phone.get((details.get("phone", ""), details["name"]))
        if found is None:
            continue
        known, said = found.id_number, details.get("id_number", "")
        if known and said and known != said:
            continue
        if found.area_id not in reach:
            row.errors.append(("id_number" if said else "phone", "enrolled_elsewhere"))
            continue
        row.existing = found
        row.differences = _differences(found, row.person)


def _enrolled(
    rows: Sequence[Planned],
) -> tuple[dict[str, Resident], dict[tuple[str, str], Resident]]:
    details = [row.person.details for row in rows if row.person]
    cards = {identity.index(each["id_number"]) for each in details if each.get("id_number")}
    numbers = {phones.index(each["phone"]) for each in details if each.get("phone")}
    residents = Resident.objects.select_related("area", "household__address__area")
    by_card = {each.id_number: each for each in residents.filter(id_number_index__in=cards)}
    by_phone = {
        (each.phone, each.name): each
        for each in residents.filter(phone_index__in=numbers).order_by("-pk")
    }
    return by_card, by_phone


def _differences(resident: Resident, person: Person) -> list[Difference]:
    """What the table says otherwise; an empty cell says nothing."""
    found = []
    for name, after in person.details.items():
        before = getattr(resident, name)
        if name == "living":
            before = sorted(before)
        if before != after:
            found.append(Difference(name, _shown(name, before), _shown(name, after)))
    address = resident.household.address
    if address.text != person.address:
        found.append(Difference("address", address.text, person.address))
    if address.area_id != person.area.pk:
        found.append(Difference("area", address.area.name, person.area.name))
    for name, text in person.entry.items():
        if getattr(resident.household, name) != text:
            found.append(Difference(name, "…", "…"))
    known = {contact.phone for contact in resident.contacts.all()}
    added = [each for each in person.contacts if each["phone"] not in known]
    return found + [Difference("contacts", "", contact["name"]) for contact in added]


def _shown(name: str, value: Any) -> str:
    if name == "id_number":
        return identity.masked(value)
    if name in {"phone", "second_phone"}:
        return phones.masked(value)
    return ", ".join(value) if isinstance(value, list) else str(value or "")
