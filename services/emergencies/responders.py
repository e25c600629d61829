"""Who is meant by a request: the caller as responder, or whom the desk names."""

from uuid import UUID

from backend.accounts.actors import Actor
from backend.accounts.queries import residents_condition
from backend.core.errors import Invalid
from backend.core.rows import one_or_none
from backend.people.models import Caregiver, Contact, Resident
from services.emergencies.actions import Responder
from services.emergencies.models import EmergencyCall


def own_responder(
    actor: Actor, call: EmergencyCall, *, minutes: int | None = None
) -> Responder | None:
    """The actor as responder of a call: a caregiver, or a contact of its resident."""
    if actor.caregiver_id:
        caregiver = Caregiver.objects.get(pk=actor.caregiver_id)
        return Responder.of_caregiver(caregiver, minutes=minutes)
    contact = Contact.objects.filter(pk__in=actor.contact_ids, resident=call.resident_id).first()
    return Responder.of_contact(contact, minutes=minutes) if contact else None


def named_responder(
    reference: str, call: EmergencyCall, *, minutes: int | None = None
) -> Responder:
    """The caregiver of the district, or contact of the resident, that a reference names.

    Raises:
        Invalid: it names nobody who could go to this call.
    """
    kind, _, key = reference.partition(":")
    try:
        person_id = UUID(key)
    except ValueError as error:
        raise Invalid(field="responder") from error
    if kind == "caregiver":
        root = call.area_path.partition(".")[0] + "."
        caregiver = one_or_none(
            Caregiver.objects.filter(pk=person_id, active=True, area__path__startswith=root)
        )
        if caregiver:
            return Responder.of_caregiver(caregiver, minutes=minutes, by_phone=True)
    if kind == "contact":
        contact = Contact.objects.filter(pk=person_id, resident=call.resident_id).first()
        if contact:
            return Responder.of_contact(contact, minutes=minutes, by_phone=True)
    raise Invalid(field="responder")


def named_resident(actor: Actor, resident_id: UUID) -> Resident:
    """The resident within the actor's reach whose call the desk says it is.

    Raises:
        Invalid: there is none.
    """
    reached = residents_condition(actor, actor.scope("residents", "list"))
    resident = (
        Resident.objects.filter(reached, pk=resident_id)
        .select_related("area", "household__address")
        .first()
    )
    if resident is None:
        raise Invalid(field="resident")
    return resident
