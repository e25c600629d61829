"""Draws homes, residents and contacts by chance; what a story knows about them is kept."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from backend.people.identity import check_sign
from backend.people.models import Contact, Dialect, Household, Language, Resident
from backend.places.datum import Position
from backend.places.models import Address, Area
from backend.places.search import searchable
from backend.runtime.demo import tables
from backend.runtime.demo.context import DISTRICT_CODE, new_id, phone_number

WITHOUT_PHONE = 0.1
YOUNGER = 0.03
"""Needy people under 60."""
RARE_NEED = 0.06
LONG_ADDRESS = 0.02
WHOLE_NAME = 0.01
ABROAD = 0.02
NOT_AT_HOME = 0.03

RELATIONS = {
    Contact.Relation.DAUGHTER: 5,
    Contact.Relation.SON: 5,
    Contact.Relation.NEIGHBOUR: 2,
    Contact.Relation.SIBLING: 1,
    Contact.Relation.FRIEND: 1,
}
RARE_NEEDS = (
    Resident.Living.LEFT_BEHIND,
    Resident.Living.DISABLED_ELDER,
    Resident.Living.LOST_ONLY_CHILD,
    Resident.Living.EXTREME_POVERTY,
    Resident.Living.LOW_INCOME,
)
MOBILITY = {
    Resident.Mobility.WALKS: 70,
    Resident.Mobility.WALKS_WITH_AID: 20,
    Resident.Mobility.WHEELCHAIR: 7,
    Resident.Mobility.BED: 3,
}


@dataclass
class Plan:
    """What was drawn so far and will be written in a few statements."""

    chance: random.Random
    today: date
    phones: Iterator[int]
    households: list[Household] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    serials: Iterator[int] = field(default_factory=count)
    contacts_of: Counter[UUID] = field(default_factory=Counter)

    def next_phone(self) -> str:
        """A number nobody else in the demo has."""
        return phone_number(next(self.phones))

    def sometimes(self, share: float, words: tuple[str, ...]) -> str:
        """One of the words for this share of people, "" for the others."""
        return self.chance.choice(words) if self.chance.random() < share else ""


def household(plan: Plan, area: Area, place: Position, **known: Any) -> Household:
    """A home at a place."""
    chance = plan.chance
    text = _address(plan, area) + known.pop("beside", plan.sometimes(LONG_ADDRESS, tables.ASIDES))
    address = Address(
        area=area,
        text=text,
        search_text=searchable(text),
        lat=place.lat,
        lon=place.lon,
        position_source="told",
    )
    drawn = {
        "id": new_id(chance),
        "door_code": f"{chance.randint(1000, 9999)}#" if chance.random() < 0.6 else "",
        "key_holder": plan.sometimes(0.5, tables.KEY_HOLDERS),
        "entry_notes": plan.sometimes(0.3, tables.ENTRY_NOTES),
    }
    home = Household(address=address, **{**drawn, **known})
    plan.households.append(home)
    return home


def _address(plan: Plan, area: Area) -> str:
    chance = plan.chance
    community = area.name.partition("社区")[0]
    return (
        f"{chance.choice(tables.LANES)}{chance.randint(1, 388)}号"
        f"{community}{chance.choice(tables.ESTATES)}{chance.randint(1, 60)}幢"
        f"{chance.randint(1, 4)}单元{chance.randint(1, 18)}0{chance.randint(1, 4)}室"
    )


def resident(plan: Plan, home: Household, sex: Resident.Sex, **known: Any) -> Resident:
    """Somebody who lives in a home."""
    born = known.pop("birth_date", None) or _birth_date(plan)
    drawn = {
        "id": new_id(plan.chance),
        "name": _elder_name(plan, sex),
        "phone": plan.next_phone() if plan.chance.random() >= WITHOUT_PHONE else "",
        "id_number": _id_number(born, sex, next(plan.serials)),
        "dialect": plan.chance.choice((Dialect.WU, Dialect.WU, Dialect.MANDARIN)),
        "life_state_since": plan.today - timedelta(days=plan.chance.randint(30, 900)),
        **_needs(plan),
    }
    person = Resident(
        household=home,
        area=home.address.area,
        birth_date=born,
        sex=sex,
        **{**drawn, **known},
    )
    person.living = [*person.living, *_rare_needs(plan, born)]
    plan.residents.append(person)
    return person


def _elder_name(plan: Plan, sex: Resident.Sex) -> str:
    if plan.chance.random() < WHOLE_NAME:
        return plan.chance.choice(tables.WHOLE_NAMES[sex])
    return plan.chance.choice(tables.SURNAMES) + plan.chance.choice(tables.ELDERS[sex])


def _birth_date(plan: Plan) -> date:
    low, likely, high = (40, 55, 59) if plan.chance.random() < YOUNGER else (60, 78, 99)
    years = plan.chance.triangular(low, high, likely)
    return plan.today - timedelta(days=int(years * 365.25))


def _id_number(born: date, sex: Resident.Sex, number: int) -> str:
    """A number with a right checksum in a county that does not exist."""
    serial = number % 500 * 2 + (sex == Resident.Sex.MALE)
    first = f"{DISTRICT_CODE}{born:%Y%m%d}{serial:03d}"
    return first + check_sign(first)


def _needs(plan: Plan) -> dict[str, Any]:
    """Health, mobility, whereabouts, and words for whoever comes."""
    chance = plan.chance
    away = (Resident.LifeState.HOSPITAL, Resident.LifeState.AWAY)
    ill = chance.random() < 0.7
    return {
        "mobility": chance.choices(list(MOBILITY), list(MOBILITY.values()))[0],
        "conditions": "；".join(chance.sample(tables.CONDITIONS, 2)) if ill else "",
        "medicines": "；".join(chance.sample(tables.MEDICINES, 2)) if ill else "",
        "allergies": plan.sometimes(0.15, tables.ALLERGIES),
        "responder_notes": plan.sometimes(0.25, tables.RESPONDER_NOTES),
        "life_state": plan.sometimes(NOT_AT_HOME, away) or Resident.LifeState.HOME,
    }


def _rare_needs(plan: Plan, born: date) -> list[str]:
    if plan.today.year - born.year < 60:
        return [Resident.Living.SEVERE_DISABILITY]
    return [need for need in [plan.sometimes(RARE_NEED, RARE_NEEDS)] if need]


def contact(plan: Plan, person: Resident, **known: Any) -> Contact:
    """Somebody to call for a resident, after those drawn before."""
    chance = plan.chance
    relation = known.get("relation") or chance.choices(list(RELATIONS), list(RELATIONS.values()))[0]
    abroad = chance.random() < ABROAD
    plan.contacts_of[person.pk] += 1
    drawn = {
        "id": new_id(chance),
        "order": plan.contacts_of[person.pk],
        "relation": relation,
        "name": chance.choice(tables.NAMES_ABROAD) if abroad else _younger_name(plan, relation),
        "phone": known.get("phone") or plan.next_phone(),
        "language": Language.EN if abroad else Language.ZH,
        "minutes_to_door": chance.choice((None, 3, 8, 15, 25, 40, 90)),
        "has_key": chance.random() < 0.4,
        "is_guardian": plan.contacts_of[person.pk] == 1 and chance.random() < 0.2,
    }
    entry = Contact(resident=person, **{**drawn, **known})
    plan.contacts.append(entry)
    return entry


def _younger_name(plan: Plan, relation: str) -> str:
    men = (Contact.Relation.SON, Contact.Relation.SIBLING, Contact.Relation.FRIEND)
    sex = Resident.Sex.MALE if relation in men else Resident.Sex.FEMALE
    return younger_name(plan.chance, sex)


def younger_name(chance: random.Random, sex: Resident.Sex) -> str:
    """A name of somebody of working age."""
    return chance.choice(tables.SURNAMES) + chance.choice(tables.YOUNGER[sex])
