"""Finding residents from the desk, and those whom nobody can ring."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core.errors import NotFound
from backend.people import phones
from backend.people.models import Resident
from backend.people.routes import has_route
from backend.places.search import searchable

FOUND_SHOWN = 12
UNREACHABLE_SHOWN = 200
GONE = (Resident.LifeState.MOVED, Resident.LifeState.DIED)


def residents_on_desk(actor: Actor) -> QuerySet[Resident]:
    """Residents of the actor's area."""
    condition = residents_condition(actor, actor.scope("residents", "list"))
    return Resident.objects.filter(condition).select_related("area", "household__address")


def resident_for(actor: Actor, resident_id: UUID) -> Resident:
    """One resident of the actor's area.

    Raises:
        NotFound: there is none.
    """
    resident = residents_on_desk(actor).filter(pk=resident_id).first()
    if resident is None:
        raise NotFound
    return resident


def found_residents(actor: Actor, asked: str) -> list[Resident]:
    """The first residents whose name or address holds the words, or whose number it is."""
    words = asked.strip()
    if not words:
        return []
    condition = Q(name__icontains=words)
    address = searchable(words)
    if address:
        condition |= Q(household__address__search_text__contains=address)
    number = phones.index_as_given(words)
    if number:
        condition = (
            Q(phone_index=number) | Q(second_phone_index=number) | Q(contacts__phone_index=number)
        )
    found = residents_on_desk(actor).filter(condition).exclude(life_state__in=GONE)
    return list(found.distinct().order_by("name", "pk")[:FOUND_SHOWN])


@dataclass(frozen=True)
class Unreachable:
    """A resident with the people of theirs whom no provider can ring."""

    resident: Resident
    themself: bool
    contacts: tuple[str, ...]


def unreachable_residents(actor: Actor) -> list[Unreachable]:
    """The first residents whom nobody, or some of whose contacts nobody, can ring by provider."""
    residents = (
        residents_on_desk(actor)
        .exclude(life_state__in=GONE)
        .prefetch_related("contacts")
        .order_by("area__path", "name")
    )
    found = []
    for resident in residents.iterator(chunk_size=500):
        numbers = [number for number in (resident.phone, resident.second_phone) if number]
        themself = not any(has_route(number) for number in numbers)
        contacts = tuple(
            contact.name for contact in resident.contacts.all() if not has_route(contact.phone)
        )
        if themself or contacts:
            found.append(Unreachable(resident, themself, contacts))
        if len(found) == UNREACHABLE_SHOWN:
            break
    return found
