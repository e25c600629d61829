"""Ordering and complaining as an account does it: for oneself, a relative, or by telephone."""

from datetime import date, datetime

from backend.accounts.actors import Actor
from backend.accounts.models import Role
from backend.people.models import Contact, Language, Resident
from backend.places.models import Area
from services.community import actions
from services.community.doers import doer_of
from services.community.errors import NotShared
from services.community.forms import When
from services.community.models import Complaint, Order, Service, StandingOrder
from services.community.queries import may_order_for

_CHANNELS = {Role.RESIDENT: Order.Channel.RESIDENT, Role.FAMILY: Order.Channel.FAMILY}
_SOURCES = {Role.RESIDENT: Complaint.Source.RESIDENT, Role.FAMILY: Complaint.Source.FAMILY}


def order_for_resident(
    actor: Actor,
    resident: Resident,
    service: Service,
    when: When,
    *,
    note: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    now: datetime,
) -> Order | StandingOrder:
    """Order once, or again and again, for a resident whom the actor reaches.

    Raises:
        NotShared: a family member with whom the resident does not share who comes.
        NotOffered, NotLivingHere, NotAtThatTime, OrderedAlready, BadRule, Invalid: as the actions.
    """
    if actor.role == Role.FAMILY and not may_order_for(actor, resident, now=now):
        raise NotShared
    channel = _CHANNELS.get(actor.role, Order.Channel.PHONE)
    by = doer_of(actor)
    if when.rule and when.at is not None:
        return actions.order_again(
            resident=resident,
            service=service,
            rule=when.rule,
            at=when.at,
            channel=channel,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note,
            by=by,
            now=now,
        )
    return actions.place_order(
        resident=resident,
        service=service,
        wanted_at=when.wanted_at or now,
        channel=channel,
        note=note,
        by=by,
        now=now,
    )


def complain_for(
    actor: Actor,
    resident: Resident | None,
    *,
    area: Area,
    category: str,
    words: str,
    order: Order | None = None,
    name: str = "",
    phone: str = "",
    now: datetime,
) -> Complaint:
    """Complain as oneself, as family, or take down what somebody told the centre.

    `area`: where it lies, if it is about nobody known.
    """
    return actions.complain(
        area=resident.area if resident else area,
        category=category,
        words=words,
        source=_SOURCES.get(actor.role, Complaint.Source.DESK),
        resident=resident,
        order=order,
        name=name or _name(actor, resident),
        phone=phone,
        language=resident.language if resident else Language.ZH,
        by=doer_of(actor),
        now=now,
    )


def _name(actor: Actor, resident: Resident | None) -> str:
    if actor.role == Role.FAMILY:
        own = Contact.objects.filter(pk__in=actor.contact_ids, resident=resident).first()
        return own.name if own else actor.name
    return resident.name if resident else ""
