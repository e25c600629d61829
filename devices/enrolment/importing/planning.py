"""What a table would do: each row is new, the same, another than we know, or refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from backend.core.errors import Invalid
from backend.people import identity, phones
from backend.people.models import Resident
from backend.places.models import Area
from devices.enrolment.errors import NoTable
from devices.enrolment.importing import columns
from devices.enrolment.importing.columns import CONTACTS, NEEDED
from devices.enrolment.importing.comparing import compare
from devices.enrolment.importing.planned import Person, Planned

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
    compare(planned, reach={area.pk for area in reader.areas})
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
    """The second row with an identity number, or with the same name and telephone or home."""
    seen: set[tuple[object, ...]] = set()
    for row in planned:
        if row.person is None:
            continue
        for column, key in _keys(row.person):
            if key in seen:
                row.errors.append((column, "twice_in_table"))
            seen.add(key)


def _keys(person: Person) -> Iterable[tuple[str, tuple[object, ...]]]:
    details = person.details
    if details.get("id_number"):
        yield "id_number", ("id", details["id_number"])
    if details.get("phone"):
        yield "phone", ("phone", details["phone"], details["name"])
    if person.is_known_by_home:
        yield "name", ("home", *person.at_home)
