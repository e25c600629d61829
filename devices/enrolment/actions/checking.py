"""Asking a contact whether it is them: by a short call, or by a text with a code."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F

from backend.accounts import limits
from backend.core import crypto
from backend.people import phones
from backend.people.models import Contact
from backend.people.names import short_name
from devices.enrolment import policies
from devices.enrolment.errors import WrongCode
from devices.enrolment.models import ContactCheck
from devices.enrolment.record import note_check
from notifications.actions import owe, stop
from notifications.models import Channel, Delivery
from notifications.recipients import contact_recipient

Answer = ContactCheck.Answer


def check_contact(contact: Contact, *, channel: Channel, by: str, now: datetime) -> ContactCheck:
    """Ask a contact, once more if they were asked before.

    Raises:
        TooManyAttempts: this number was asked too often.
    """
    limits.take(policies.CHECKS_OF_PHONE, phones.index(contact.phone), now=now)
    return _ask(contact, channel=channel, by=by, now=now)


@transaction.atomic
def _ask(contact: Contact, *, channel: Channel, by: str, now: datetime) -> ContactCheck:
    code = f"{secrets.randbelow(10**policies.CODE_DIGITS):0{policies.CODE_DIGITS}}"
    check = ContactCheck(
        contact=contact,
        channel=channel,
        phone=contact.phone,
        asked_at=now,
        asked_by=by,
    )
    if channel == Channel.SMS:
        check.code_index = _code_index(check, code)
    check.save()
    owe(
        cause=check.cause,
        step_run="asked",
        to=contact_recipient(contact),
        channel=channel,
        template="contact_check",
        context={"who": short_name(contact.resident, contact.language)},
        secret=code if channel == Channel.SMS else "",
        asks=True,
        priority=Delivery.Priority.URGENT,
        now=now,
        area_path=contact.resident.area.path,
        expires_at=now + policies.ANSWERED_WITHIN,
    )
    note_check(check, "contact.check_asked", by=by, now=now)
    return check


def _code_index(check: ContactCheck, code: str) -> crypto.BlindIndex:
    return crypto.blind_index(code, context=f"contact check {check.pk}")


@transaction.atomic
def answer_check(check: ContactCheck, *, confirmed: bool, by: str, now: datetime) -> ContactCheck:
    """Keep what the contact said; the same again changes nothing, another answer counts."""
    answer = Answer.CONFIRMED if confirmed else Answer.REFUSED
    news = ContactCheck.objects.filter(pk=check.pk).exclude(answer=answer)
    if news.update(answer=answer, answered_at=now):
        check.refresh_from_db()
        note_check(check, f"contact.check_{answer}", by=by, now=now)
    return check


def confirm_by_code(contact: Contact, *, code: str, by: str, now: datetime) -> ContactCheck:
    """The contact reads the code of the text to whoever enrols: it is their telephone.

    The try is counted before it is compared, outside of any transaction.

    Raises:
        WrongCode: not the newest text's, too old, or tried too often.
    """
    texts = contact.checks.filter(channel=Channel.SMS, phone_index=phones.index(contact.phone))
    check = texts.order_by("-asked_at").first()
    if check is None or now - check.asked_at > policies.ANSWERED_WITHIN:
        raise WrongCode
    mine = ContactCheck.objects.filter(pk=check.pk, tries__lt=policies.CODE_TRIES)
    if not mine.update(tries=F("tries") + 1):
        raise WrongCode
    if not _code_index(check, code.strip()).matches(check.code_index):
        raise WrongCode
    with transaction.atomic():
        stop(cause=check.cause, now=now)
        return answer_check(check, confirmed=True, by=by, now=now)
