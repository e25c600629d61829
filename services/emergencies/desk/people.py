"""Who could be at the door first: everybody asked, and whoever else is near."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from backend.people.models import Caregiver, Contact
from backend.people.queries import caregivers_on_shift, nearest_caregivers
from backend.people.routes import has_route
from services.emergencies.models import EmergencyCall, Offer

NEAR_SHOWN = 6
NOT_KNOWN_MIN = 10_000
"""Sorts those of whom no time is known behind all others."""

Answer = Offer.Answer


@dataclass(frozen=True)
class Candidate:
    """Somebody who could go, with what they said so far."""

    reference: str
    name: str
    about: str
    """Relation, or kind of caregiver."""
    phone: str
    minutes: int | None = None
    distance_m: float | None = None
    has_key: bool = False
    offer: Offer | None = None
    has_call: bool = False
    """Whether this is the responder of the call."""

    @property
    def id(self) -> str:
        """Their reference as a name within the page."""
        return self.reference.replace(":", "-")

    @property
    def reachable(self) -> bool:
        """Whether a provider can ring the number; else a person must."""
        return has_route(self.phone)

    @property
    def answer(self) -> str:
        """What they said, in words; "" when they were not asked."""
        if self.offer is None:
            return ""
        if self._broke_off:
            return gettext("was going, is no longer")
        return str(Answer(self.offer.answer).label)

    @property
    def status(self) -> str:
        """Kind of the answer's status for the design system."""
        if self.has_call:
            return "underway"
        waited_for = self.offer is not None and self.offer.answer == Answer.NONE
        return "waiting" if waited_for else "unknown"

    @property
    def _broke_off(self) -> bool:
        """Whether they were going and no longer have the call."""
        said_yes = self.offer is not None and self.offer.answer == Answer.GOING
        return said_yes and not self.has_call

    @property
    def _rank(self) -> tuple[bool, bool, int]:
        refused = bool(self.offer and self.offer.answer in {Answer.CANNOT, Answer.INFORMED})
        minutes = NOT_KNOWN_MIN if self.minutes is None else self.minutes
        return (not self.has_call, refused, minutes)


def candidates_for(call: EmergencyCall, *, now: datetime) -> list[Candidate]:
    """The responder first, then by minutes to the door; who said they cannot comes last."""
    offers = {offer.person: offer for offer in _offers(call)}
    found = {
        each.reference: each
        for each in (*_asked(call, offers), *_near(call, offers, now), *_contacts(call, offers))
    }
    return sorted(found.values(), key=lambda each: each._rank)


def _offers(call: EmergencyCall) -> Iterable[Offer]:
    return call.offers.select_related("caregiver", "contact")


def _contacts(call: EmergencyCall, offers: dict[str, Offer]) -> Iterable[Candidate]:
    contacts = call.resident.contacts.all() if call.resident else []
    return [_of_contact(contact, call, offers) for contact in contacts]


def _of_contact(contact: Contact, call: EmergencyCall, offers: dict[str, Offer]) -> Candidate:
    reference = f"contact:{contact.pk}"
    offer = offers.get(reference)
    said = offer.minutes_to_door if offer else None
    return Candidate(
        reference=reference,
        name=contact.name,
        about=contact.get_relation_display(),
        phone=contact.phone,
        minutes=contact.minutes_to_door if said is None else said,
        has_key=contact.has_key,
        offer=offer,
        has_call=reference == call.accepted_by,
    )


def _near(call: EmergencyCall, offers: dict[str, Offer], now: datetime) -> Iterable[Candidate]:
    root = call.area_path.partition(".")[0] + "."
    if call.place_lat is None or call.place_lon is None:
        known = caregivers_on_shift(area_path=call.area_path or root, now=now)[:NEAR_SHOWN]
        return [_of_caregiver(each, call, offers) for each in known]
    near = nearest_caregivers(
        lat=call.place_lat, lon=call.place_lon, area_path=root, now=now, limit=NEAR_SHOWN
    )
    return [
        _of_caregiver(
            each.caregiver, call, offers, minutes=each.minutes, distance_m=each.distance_m
        )
        for each in near
    ]


def _asked(call: EmergencyCall, offers: dict[str, Offer]) -> Iterable[Candidate]:
    """Caregivers who were asked and are not among the nearest."""
    asked = [offer.caregiver for offer in offers.values() if offer.caregiver]
    if call.accepted_by_caregiver:
        asked.append(call.accepted_by_caregiver)
    return [_of_caregiver(each, call, offers) for each in asked]


def _of_caregiver(
    caregiver: Caregiver,
    call: EmergencyCall,
    offers: dict[str, Offer],
    *,
    minutes: int | None = None,
    distance_m: float | None = None,
) -> Candidate:
    reference = f"caregiver:{caregiver.pk}"
    offer = offers.get(reference)
    said = offer.minutes_to_door if offer else None
    return Candidate(
        reference=reference,
        name=caregiver.name,
        about=caregiver.get_kind_display(),
        phone=caregiver.phone,
        minutes=minutes if said is None else said,
        distance_m=distance_m,
        offer=offer,
        has_call=reference == call.accepted_by,
    )
