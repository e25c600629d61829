"""Who a step of the ladder calls: from a target's name to people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.people.models import Caregiver, Contact
from backend.people.queries import caregivers_on_shift, nearest_caregivers
from notifications.actions import Recipient
from notifications.recipients import caregiver_recipient, contact_recipient, resident_recipient
from services.emergencies import policies
from services.emergencies.models import EmergencyCall, Offer
from services.emergencies.policies import Target

ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""Who said they cannot is left alone so long; then everybody is asked again."""


@dataclass(frozen=True)
class Reachable:
    """Somebody a step calls; a caregiver or contact is offered the call."""

    to: Recipient
    caregiver: Caregiver | None = None
    contact: Contact | None = None
    minutes: int | None = None

    @property
    def reference(self) -> str:
        """How they are named in offers and deliveries."""
        return self.to.reference


def _contact(contact: Contact) -> Reachable:
    return Reachable(contact_recipient(contact), contact=contact, minutes=contact.minutes_to_door)


def _resident(call: EmergencyCall, _now: datetime) -> list[Reachable]:
    return [Reachable(resident_recipient(call.resident))] if call.resident else []


def _contacts(call: EmergencyCall) -> list[Contact]:
    return list(call.resident.contacts.order_by("order")) if call.resident else []


def _first_contact(call: EmergencyCall, _now: datetime) -> list[Reachable]:
    return [_contact(contact) for contact in _contacts(call)[:1]]


def _next_contacts(call: EmergencyCall, _now: datetime) -> list[Reachable]:
    return [_contact(contact) for contact in _contacts(call)[1:]]


def _caregivers(call: EmergencyCall, now: datetime, limit: int) -> list[Reachable]:
    """Caregivers on shift in the district, the nearest first; all of them alike without a place."""
    root = call.area_path.partition(".")[0] + "."
    if call.place_lat is None or call.place_lon is None:
        known = caregivers_on_shift(area_path=root, now=now)[:limit]
        return [Reachable(caregiver_recipient(each), caregiver=each) for each in known]
    near = nearest_caregivers(
        lat=call.place_lat, lon=call.place_lon, area_path=root, now=now, limit=limit
    )
    return [
        Reachable(
            caregiver_recipient(each.caregiver), caregiver=each.caregiver, minutes=each.minutes
        )
        for each in near
    ]


def _nearest_caregiver(call: EmergencyCall, now: datetime) -> list[Reachable]:
    return _caregivers(call, now, 1)


def _next_caregivers(call: EmergencyCall, now: datetime) -> list[Reachable]:
    return _caregivers(call, now, 1 + policies.NEXT_CAREGIVERS)[1:]


def _of_kind(call: EmergencyCall, kind: Caregiver.Kind) -> list[Reachable]:
    """Of this kind, whoever serves the smallest area around the call."""
    prefixes = [call.area_path[: end + 1] for end, sign in enumerate(call.area_path) if sign == "."]
    found = (
        Caregiver.objects.filter(kind=kind, active=True, area__path__in=prefixes)
        .order_by("-area__path", "pk")
        .first()
    )
    return [Reachable(caregiver_recipient(found), caregiver=found)] if found else []


def _grid_worker(call: EmergencyCall, _now: datetime) -> list[Reachable]:
    return _of_kind(call, Caregiver.Kind.GRID_WORKER)


def _duty_lead(call: EmergencyCall, _now: datetime) -> list[Reachable]:
    return _of_kind(call, Caregiver.Kind.DUTY_LEAD)


def _nobody(_call: EmergencyCall, _now: datetime) -> list[Reachable]:
    """Operators see the call on their screens; nobody is rung."""
    return []


_FINDERS: dict[str, Callable[[EmergencyCall, datetime], list[Reachable]]] = {
    Target.OPERATORS: _nobody,
    Target.RESIDENT: _resident,
    Target.FIRST_CONTACT: _first_contact,
    Target.NEXT_CONTACTS: _next_contacts,
    Target.NEAREST_CAREGIVER: _nearest_caregiver,
    Target.NEXT_CAREGIVERS: _next_caregivers,
    Target.GRID_WORKER: _grid_worker,
    Target.DUTY_LEAD: _duty_lead,
}


def people_for(call: EmergencyCall, targets: list[str], *, now: datetime) -> list[Reachable]:
    """The people of several targets, each once, without those who just said they cannot."""
    refused = set(
        call.offers.filter(answered_at__gt=now - ASKED_AGAIN_AFTER)
        .exclude(answer__in=[Offer.Answer.NONE, Offer.Answer.GOING])
        .values_list("person", flat=True)
    )
    found = {each.reference: each for target in targets for each in _FINDERS[target](call, now)}
    return [each for reference, each in found.items() if reference not in refused]
