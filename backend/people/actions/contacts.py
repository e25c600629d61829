"""Contacts: who is called for a resident, in which order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.people import phones
from backend.people.errors import BadOrder
from backend.people.models import Contact, Resident
from backend.people.numbers import tell_number
from backend.people.record import CHANGE, CREATE, DELETE, note_about_resident, reference


def _locked(resident_id: UUID) -> Resident:
    """The resident's row, locked: orders are changed by one at a time."""
    return Resident.objects.select_for_update().get(pk=resident_id)


@transaction.atomic
def add_contact(
    *,
    resident: Resident,
    name: str,
    relation: str,
    phone: str,
    details: Mapping[str, Any] | None = None,
    by: str,
    now: datetime,
) -> Contact:
    """Add somebody to be called, after those already there.

    `details` are language, minutes_to_door, has_key.

    Raises:
        BadPhone: it is no number.
    """
    resident = _locked(resident.pk)
    contact = Contact.objects.create(
        resident=resident,
        order=resident.contacts.count() + 1,
        name=name,
        relation=relation,
        phone=phones.normalized(phone),
        **(details or {}),
    )
    fields = ["name", "relation", "phone", *(details or {})]
    note_about_resident(
        resident, "contact.added", CREATE, subject=contact, fields=fields, by=by, now=now
    )
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, *, changes: Mapping[str, Any], by: str, now: datetime
) -> Contact:
    """Change what is known about a contact, not their order.

    What is owed to an old number goes to the new one.

    Raises:
        BadPhone: it is no number.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    before = contact.phone
    for field, value in changes.items():
        setattr(contact, field, phones.normalized(value) if field == "phone" else value)
    contact.save()
    note_about_resident(
        contact.resident,
        "contact.changed",
        CHANGE,
        subject=contact,
        fields=changes,
        by=by,
        now=now,
    )
    tell_number(reference(contact), before=before, after=contact.phone, now=now)
    return contact


@transaction.atomic
def reorder_contacts(
    *, resident: Resident, order: Sequence[UUID], by: str, now: datetime
) -> list[Contact]:
    """Call them in this order from now on; running escalations ask anew at each step.

    Raises:
        BadOrder: it does not name each contact of the resident once.
    """
    resident = _locked(resident.pk)
    contacts = {contact.pk: contact for contact in resident.contacts.all()}
    if sorted(order) != sorted(contacts):
        raise BadOrder(fields={"order": ["not_each_once"]})
    ordered = [contacts[key] for key in order]
    for place, contact in enumerate(ordered, start=1):
        contact.order = place
    Contact.objects.bulk_update(ordered, ["order"])
    note_about_resident(resident, "contact.reordered", CHANGE, fields=["contacts"], by=by, now=now)
    return ordered


@transaction.atomic
def remove_contact(contact: Contact, *, by: str, now: datetime) -> None:
    """Do not call them any more, not even for a call that runs; those after move up."""
    resident = _locked(contact.resident_id)
    note_about_resident(resident, "contact.removed", DELETE, subject=contact, by=by, now=now)
    place, name, number = contact.order, reference(contact), contact.phone
    contact.delete()
    tell_number(name, before=number, after="", now=now)
    resident.contacts.filter(order__gt=place).update(order=F("order") - 1)
