"""Guardians: who may decide for a resident, shown by a paper, looked at again in time."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from backend.core.errors import Invalid
from backend.people.errors import GuardianshipOver, SamePersonLooksTwice
from backend.people.models import Contact, Guardianship
from backend.people.record import CHANGE, CREATE, note_about_resident

EXPIRY = "system:guardianship"
PAPER = ("document", "ends_on", "ground", "issued_by", "proof", "review_on", "since")


@transaction.atomic
def appoint_guardian(
    contact: Contact,
    *,
    ground: str,
    proof: str,
    document: str,
    since: date,
    review_on: date,
    ends_on: date | None = None,
    issued_by: str = "",
    by: str,
    now: datetime,
) -> Guardianship:
    """Write down why and by which paper a contact may decide; the one written before ends.

    They decide nothing before a second person has looked at the paper (`verify_guardian`).

    Raises:
        Invalid: no paper, an unknown ground or proof, or an end before its begin.
    """
    _require_paper(
        ground=ground,
        proof=proof,
        document=document,
        since=since,
        review_on=review_on,
        ends_on=ends_on,
    )
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    _end_open(contact, by=by, now=now)
    guardianship = Guardianship.objects.create(
        contact=contact,
        ground=ground,
        proof=proof,
        document=document.strip(),
        issued_by=issued_by.strip(),
        since=since,
        review_on=review_on,
        ends_on=ends_on,
        recorded_at=now,
        recorded_by=by,
    )
    note_about_resident(
        contact.resident,
        "guardian.appointed",
        CREATE,
        subject=guardianship,
        fields=PAPER,
        by=by,
        now=now,
    )
    return guardianship


def _require_paper(
    *, ground: str, proof: str, document: str, since: date, review_on: date, ends_on: date | None
) -> None:
    if ground not in Guardianship.Ground.values:
        raise Invalid(fields={"ground": ["unknown_ground"]})
    if proof not in Guardianship.Proof.values:
        raise Invalid(fields={"proof": ["unknown_proof"]})
    if not document.strip():
        raise Invalid(fields={"document": ["required"]})
    if review_on < since:
        raise Invalid(fields={"review_on": ["before_since"]})
    if ends_on and ends_on < since:
        raise Invalid(fields={"ends_on": ["before_since"]})


@transaction.atomic
def verify_guardian(guardianship: Guardianship, *, by: str, now: datetime) -> Guardianship:
    """A second person has looked at the paper: from now on the contact decides.

    Again changes nothing.

    Raises:
        SamePersonLooksTwice: whoever wrote it down.
        GuardianshipOver: it has ended, or says no ground.
    """
    open_one = _locked(guardianship)
    if open_one.verified_at is not None:
        return open_one
    if not open_one.ground:
        raise GuardianshipOver
    if open_one.recorded_by == by:
        raise SamePersonLooksTwice
    open_one.verified_at, open_one.verified_by = now, by
    open_one.save(update_fields=["verified_at", "verified_by"])
    _mark(open_one.contact, is_guardian=True)
    _note(open_one, "guardian.verified", ["verified_at"], by=by, now=now)
    return open_one


@transaction.atomic
def review_guardian(
    guardianship: Guardianship, *, review_on: date, by: str, now: datetime
) -> Guardianship:
    """It was looked at again and still holds; until when it is to be looked at next.

    Raises:
        Invalid: the day is not ahead.
        GuardianshipOver: it has ended.
    """
    if review_on <= timezone.localdate(now):
        raise Invalid(fields={"review_on": ["not_ahead"]})
    open_one = _locked(guardianship)
    open_one.review_on = review_on
    open_one.save(update_fields=["review_on"])
    _note(open_one, "guardian.reviewed", ["review_on"], by=by, now=now)
    return open_one


@transaction.atomic
def end_guardianship(contact: Contact, *, by: str, now: datetime) -> None:
    """The contact decides no more from now on; what they consented to stays until withdrawn."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    _end_open(contact, by=by, now=now)
    note_about_resident(contact.resident, "guardian.ended", CHANGE, subject=contact, by=by, now=now)


def end_expired_guardianships(*, now: datetime) -> int:
    """Write down the end of papers whose last day is over; returns how many.

    They decide nothing from that day on, written down or not (`queries.guardianships_in_force`).
    """
    over = Guardianship.objects.filter(ended_at=None, ends_on__lt=timezone.localdate(now))
    contacts = [each.contact for each in over.select_related("contact").order_by("pk")]
    for contact in contacts:
        end_guardianship(contact, by=EXPIRY, now=now)
    return len(contacts)


def _locked(guardianship: Guardianship) -> Guardianship:
    found = (
        Guardianship.objects.select_for_update(of=("self",))
        .select_related("contact__resident__area")
        .get(pk=guardianship.pk)
    )
    if found.ended_at is not None:
        raise GuardianshipOver
    return found


def _end_open(contact: Contact, *, by: str, now: datetime) -> None:
    contact.guardianships.filter(ended_at=None).update(ended_at=now, ended_by=by)
    _mark(contact, is_guardian=False)


def _mark(contact: Contact, *, is_guardian: bool) -> None:
    contact.is_guardian = is_guardian
    contact.save(update_fields=["is_guardian"])


def _note(
    guardianship: Guardianship, event: str, fields: list[str], *, by: str, now: datetime
) -> None:
    note_about_resident(
        guardianship.contact.resident,
        event,
        CHANGE,
        subject=guardianship,
        fields=fields,
        by=by,
        now=now,
    )
