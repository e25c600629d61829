"""Whom an offer is asked and told, in their own words; no family without being their guardian."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override, pgettext

from backend.people.models import Resident
from backend.people.names import short_name
from backend.people.queries import is_guardian_of
from notifications import routes
from notifications.actions import Recipient, owe_as_preferred
from notifications.models import Channel
from notifications.recipients import contact_recipient, resident_recipient
from services.assistance.models import BenefitOffer
from services.assistance.policy.rules import benefits
from services.assistance.policy.vocabulary import money

GONE = (Resident.LifeState.DIED, Resident.LifeState.MOVED)


def ask(offer: BenefitOffer, *, run: str, now: datetime) -> bool:
    """Ask everybody who may decide; whether anybody can be reached."""
    asked = False
    for to, is_guardian in _deciders(offer, now):
        template = "benefit_offer_guardian" if is_guardian else "benefit_offer"
        _owe(offer, to, template, run=run, asks=True, now=now)
        asked = True
    return asked


def tell(
    offer: BenefitOffer, template: str, *, run: str, now: datetime, starts_on: date | None = None
) -> bool:
    """Tell everybody who may decide; whether anybody can be reached."""
    told = False
    for to, is_guardian in _deciders(offer, now):
        name = f"{template}_guardian" if is_guardian else template
        _owe(offer, to, name, run=run, now=now, starts_on=starts_on)
        told = True
    return told


def _deciders(offer: BenefitOffer, now: datetime) -> Iterator[tuple[Recipient, bool]]:
    """The person and their guardians who can be reached by call or text; nobody about the dead."""
    resident = offer.resident
    if resident.life_state in GONE:
        return
    today = timezone.localdate(now)
    own = resident_recipient(resident)
    if _is_reached(own):
        yield own, False
    for contact in resident.contacts.all():
        to = contact_recipient(contact)
        if is_guardian_of(contact, resident, today=today) and _is_reached(to):
            yield to, True


def _is_reached(to: Recipient) -> bool:
    return bool(to.address) and any(routes.has_route(to.address, way) for way in Channel)


def _owe(
    offer: BenefitOffer,
    to: Recipient,
    template: str,
    *,
    run: str,
    now: datetime,
    asks: bool = False,
    starts_on: date | None = None,
) -> None:
    owe_as_preferred(
        cause=offer.reference,
        step_run=run,
        to=to,
        template=template,
        context=_context(offer, to.language, starts_on),
        asks=asks,
        now=now,
        area_path=offer.area.path,
        resident_id=offer.resident_id,
    )


def _context(offer: BenefitOffer, language: str, starts_on: date | None) -> dict[str, str]:
    benefit = benefits()[offer.benefit]
    with override(language):
        return {
            "who": short_name(offer.resident, language),
            "benefit": benefit.name.said(language),
            "amount": money(offer.amount_fen) if offer.amount_fen else "",
            "month": _month(starts_on) if starts_on else "",
        }


def _month(day: date) -> str:
    return date_format(day, pgettext("a month with its year, as Django's date format", "F Y"))
