"""Rows of a table beside who is enrolled: new, the same, or what the table says otherwise."""

from collections.abc import Sequence
from typing import Any

from backend.people import identity, phones
from backend.people.models import Resident
from devices.enrolment.importing.planned import AtHome, Difference, Person, Planned


def compare(planned: Sequence[Planned], *, reach: set[int]) -> None:
    """Find who is enrolled already: by identity number, else by telephone and name.

    Of whom the table tells neither, by name and home.
    """
    usable = [row for row in planned if row.person and not row.errors]
    enrolled = _Enrolled([row.person for row in usable if row.person])
    for row in usable:
        assert row.person is not None  # noqa: S101 - chosen so
        details = row.person.details
        found = enrolled.find(row.person)
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


class _Enrolled:
    """Who of a table is enrolled already; read at once, not one by one."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Look up all of them by what the table tells."""
        details = [each.details for each in people]
        cards = {identity.index(each["id_number"]) for each in details if each.get("id_number")}
        numbers = {phones.index(each["phone"]) for each in details if each.get("phone")}
        homes = {each.at_home for each in people if each.is_known_by_home}
        residents = Resident.objects.select_related(
            "area", "household__address__area"
        ).prefetch_related("contacts")
        of_cards = residents.filter(id_number_index__in=cards)
        of_numbers = residents.filter(phone_index__in=numbers).order_by("-pk")
        of_homes = residents.filter(
            area__in={area for _, area, _ in homes},
            name__in={name for name, _, _ in homes},
            household__address__search_text__in={text for _, _, text in homes},
        ).order_by("-pk")
        self._by_card = {each.id_number: each for each in of_cards}
        self._by_phone = {(each.phone, each.name): each for each in of_numbers}
        self._by_home: dict[AtHome, Resident] = {
            (each.name, each.area_id, each.household.address.search_text): each for each in of_homes
        }

    def find(self, person: Person) -> Resident | None:
        """The resident whom a row means, if there is one."""
        details = person.details
        if person.is_known_by_home:
            return self._by_home.get(person.at_home)
        by_card = self._by_card.get(details.get("id_number", ""))
        by_phone = self._by_phone.get((details.get("phone", ""), details["name"]))
        return by_card or by_phone


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
