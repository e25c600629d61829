"""Guardians: who may decide for a resident, shown by a paper, looked at again in time."""

from datetime import date, datetime

from django.db import transaction

from backend.core.errors import Invalid
from backend.people.models import Contact, Guardianship
from backend.people.record import CHANGE, CREATE, note_about_resident


@transaction.atomic
def appoint_guardian(
    contact: Contact,
    *,
    proof: str,
    document: str,
    since: date,
    review_on: date,
    ends_on: date | None = None,
    by: str,
    now: datetime,
) -> Guardianship:
    """Write down by which paper a contact may decide; the one written before ends.

    Raises:
        Invalid: no paper, an unknown proof, or an end before its begin.
    """
    _require_paper(proof, document, since, review_on, ends_on)
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    contact.guardianships.filter(ended_at=None).update(ended_at=now, ended_by=by)
    guardianship = Guardianship.objects.create(
        contact=contact,
        proof=proof,
        document=document.strip(),
        since=since,
        review_on=review_on,
        ends_on=ends_on,
        recorded_at=now,
        recorded_by=by,
    )
    contact.is_guardian = True
    contact.save(update_fields=["is_guardian"])
    note_about_resident(
        contact.resident,
        "guardian.appointed",
        CREATE,
        subject=guardianship,
        fields=["proof", "document", "since", "review_on", "ends_on"],
        by=by,
        now=now,
    )
    return guardianship


def _require_paper(
    proof: str, document: str, since: date, review_on: date, ends_on: date | None
) -> None:
    if proof not in Guardianship.Proof.values:
        raise Invalid(fields={"proof": ["unknown_proof"]})
    if not document.strip():
        raise Invalid(fields={"document": ["required"]})
    if review_on < since:
        raise Invalid(fields={"review_on": ["before_since"]})
    if ends_on and ends_on < since:
        raise Invalid(fields={"ends_on": ["before_since"]})


@transaction.atomic
def end_guardianship(contact: Contact, *, by: str, now: datetime) -> None:
    """The contact decides no more from now on; what they consented to stays until withdrawn."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    contact.guardianships.filter(ended_at=None).update(ended_at=now, ended_by=by)
    contact.is_guardian = False
    contact.save(update_fields=["is_guardian"])
    note_about_resident(contact.resident, "guardian.ended", CHANGE, subject=contact, by=by, now=now)
