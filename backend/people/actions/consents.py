"""Consents: given by a resident or their guardian, one item at a time, taken back at will."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from backend.people.errors import ConsentInForce, NotTheirGuardian
from backend.people.models import Consent, Contact, Resident
from backend.people.purposes import PURPOSES, wording_of
from backend.people.queries import is_guardian_of
from backend.people.record import CHANGE, CREATE, note_about_resident, reference

Way = Consent.Way


@transaction.atomic
def give_consent(
    *,
    resident: Resident,
    item: Consent.Item,
    purpose: str = "",
    guardian: Contact | None = None,
    way: Consent.Way = Way.DESK,
    by: str,
    now: datetime,
) -> Consent:
    """Record that a resident, or a guardian for them, consents to one item.

    What they were told is kept with it, in the language of who decided; `purpose` is what else
    was said of it.

    Raises:
        NotTheirGuardian: the contact is not this resident's guardian.
        ConsentInForce: it was given before and not withdrawn.
    """
    if guardian and not is_guardian_of(guardian, resident, today=timezone.localdate(now)):
        raise NotTheirGuardian
    decides = guardian or resident
    with translation.override(decides.language):
        told = str(PURPOSES[item].written)
    try:
        with transaction.atomic():
            consent = Consent.objects.create(
                resident=resident,
                item=item,
                purpose=purpose or told[:200],
                wording=wording_of(item, decides.language),
                wording_version=PURPOSES[item].version,
                way=way,
                given_by=reference(decides),
                given_at=now,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise ConsentInForce from error
    note_about_resident(
        resident, "consent.given", CREATE, subject=consent, fields=[item], by=by, now=now
    )
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: str, now: datetime) -> Consent:
    """Take a consent back; from this commit on it is not in force. Again changes nothing."""
    withdrawn = Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by
    )
    consent.refresh_from_db()
    if withdrawn:
        note_about_resident(
            consent.resident,
            "consent.withdrawn",
            CHANGE,
            subject=consent,
            fields=[consent.item],
            by=by,
            now=now,
        )
    return consent
