"""Finding the one resident whose record is to be opened: by exactly what is known, or not at all.

Nothing is searched and nobody is listed: this must not become a door to try out names by.
"""

import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from backend.people import identity, phones
from backend.people.models import Resident
from services.trust.errors import NobodyFound, SeveralFound

GONE = (Resident.LifeState.MOVED,)


@dataclass(frozen=True)
class Wanted:
    """What is known of the person: a telephone, an identity number, or name and address."""

    phone: str = ""
    id_number: str = ""
    name: str = ""
    address: str = ""

    @property
    def known(self) -> list[str]:
        """By which of them they are looked for; for the audit, which keeps no values."""
        named = {
            "phone": self.phone,
            "id_number": self.id_number,
            "name": self.name,
            "address": self.address,
        }
        return [name for name, value in named.items() if value.strip()]


def find_exactly(wanted: Wanted) -> Resident:
    """The one resident of whom all this is true.

    Raises:
        NobodyFound: there is none, or too little is known (a name alone finds nobody).
        SeveralFound: there are several.
    """
    condition = _condition(wanted)
    if condition is None:
        raise NobodyFound
    residents = Resident.objects.filter(condition).exclude(life_state__in=GONE)
    found = list(residents.select_related("area", "household__address")[:2])
    if not found:
        raise NobodyFound
    if len(found) > 1:
        raise SeveralFound
    return found[0]


def _condition(wanted: Wanted) -> Q | None:
    name, address = wanted.name.strip(), wanted.address.strip()
    condition = Q()
    if wanted.phone.strip():
        index = phones.index_as_given(wanted.phone)
        if not index:
            return None
        condition &= Q(phone_index=index) | Q(second_phone_index=index)
    if wanted.id_number.strip():
        written = unicodedata.normalize("NFKC", wanted.id_number).replace(" ", "").upper()
        condition &= Q(id_number_index=identity.index(written))
    if not condition and not (name and address):
        return None
    if name:
        condition &= Q(name=name)
    if address:
        condition &= Q(household__address__text=address)
    return condition
