"""Services, orders and complaints as their viewers may see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import NOTHING, areas_condition, residents_condition
from backend.core import clock
from backend.core.due import oldest_due_at as oldest
from backend.core.errors import NotFound
from backend.people.models import Consent, Contact, Resident
from backend.people.queries import consents_in_force, guardianships_in_force, is_guardian_of
from backend.places.models import Area
from backend.places.queries import paths_above
from services.community.models import Complaint, Order, Provider, Service, StandingOrder


def own_area(actor: Actor) -> Area:
    """The area that somebody of the staff works in.

    Raises:
        NotFound: they have none.
    """
    area = Area.objects.filter(path=actor.area_path).first()
    if area is None:
        raise NotFound
    return area


def services_for(area: Area) -> QuerySet[Service]:
    """What is offered to somebody who lives in an area."""
    return Service.objects.filter(active=True, area__path__in=paths_above(area.path))


def services_visible_to(actor: Actor, action: str = "read") -> QuerySet[Service]:
    """Services of the area for staff, inactive ones too; what is offered to them for citizens."""
    scope = actor.scope("services", action)
    services = Service.objects.select_related("area")
    if scope in (Scope.SELF, Scope.HOUSEHOLD):
        homes = Resident.objects.filter(residents_condition(actor, scope))
        paths = {
            path
            for area_path in homes.values_list("area__path", flat=True)
            for path in paths_above(area_path)
        }
        return services.filter(active=True, area__path__in=paths)
    return services.filter(_of_staff(actor, scope))


def providers_visible_to(actor: Actor, action: str = "read") -> QuerySet[Provider]:
    """Providers that staff of an area work with."""
    scope = actor.scope("providers", action)
    return Provider.objects.filter(_of_staff(actor, scope)).select_related("area")


def _of_staff(actor: Actor, scope: Scope | None) -> Q:
    """What lies in their area; of their district's own, as a street orders from it too."""
    reached = areas_condition(actor, scope)
    if scope is Scope.AREA and actor.area_path:
        reached |= Q(area__path__in=paths_above(actor.area_path))
    return reached


def service_for(actor: Actor, service_id: UUID | str, action: str = "read") -> Service:
    """One service within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    service = services_visible_to(actor, action).filter(pk=service_id).first()
    if service is None:
        raise NotFound
    return service


def provider_for(actor: Actor, provider_id: UUID | str, action: str = "read") -> Provider:
    """One provider within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    provider = providers_visible_to(actor, action).filter(pk=provider_id).first()
    if provider is None:
        raise NotFound
    return provider


def orders_visible_to(actor: Actor, action: str = "read") -> QuerySet[Order]:
    """Orders within the actor's scope; families see them by consent, guardians as they decide."""
    orders = Order.objects.select_related("service", "resident", "area", "provider", "standing")
    return orders.filter(_reached(actor, actor.scope("orders", action)))


def standing_visible_to(actor: Actor, action: str = "read") -> QuerySet[StandingOrder]:
    """What comes again, within the actor's scope."""
    standing = StandingOrder.objects.select_related("service", "resident__area", "provider")
    return standing.filter(_reached(actor, actor.scope("standing-orders", action)))


def _reached(actor: Actor, scope: Scope | None) -> Q:
    reached = residents_condition(actor, scope, at="resident")
    if scope is Scope.HOUSEHOLD:
        reached &= Q(_shared()) | Q(_guarded(actor))
    return reached


def _guarded(actor: Actor) -> Exists:
    """That the actor decides for the resident, by a paper that is in force."""
    papers = guardianships_in_force(today=timezone.localdate(clock.now()))
    return Exists(
        papers.filter(contact__in=actor.contact_ids, contact__resident=OuterRef("resident"))
    )


def _shared() -> Exists:
    return Exists(
        Consent.objects.filter(
            resident=OuterRef("resident"), item=Consent.Item.VISITS, withdrawn_at=None
        )
    )


def order_for(actor: Actor, order_id: UUID | str, action: str = "read") -> Order:
    """One order within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    order = orders_visible_to(actor, action).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def complaints_visible_to(actor: Actor, action: str = "read") -> QuerySet[Complaint]:
    """Complaints of the area for staff, one's own for a resident, those it made for a family."""
    complaints = Complaint.objects.select_related("area", "resident", "owner", "order__service")
    scope = actor.scope("complaints", action)
    match scope:
        case Scope.HOUSEHOLD:
            return complaints.filter(made_by=actor.reference)
        case Scope.SELF if actor.resident_id:
            return complaints.filter(resident=actor.resident_id)
        case Scope.AREA | Scope.ALL:
            return complaints.filter(areas_condition(actor, scope))
    return complaints.filter(NOTHING)


def complaint_for(actor: Actor, complaint_id: UUID | str, action: str = "read") -> Complaint:
    """One complaint within the actor's scope.

    Raises:
        NotFound: there is none.
    """
    complaint = complaints_visible_to(actor, action).filter(pk=complaint_id).first()
    if complaint is None:
        raise NotFound
    return complaint


def resident_reached(actor: Actor, resident_id: UUID | str, resource: str, action: str) -> Resident:
    """One resident whom a grant reaches.

    Raises:
        NotFound: there is none.
    """
    reached = residents_condition(actor, actor.scope(resource, action))
    found = Resident.objects.filter(reached, pk=resident_id)
    resident = found.select_related("area", "household__address").first()
    if resident is None:
        raise NotFound
    return resident


def may_order_for(actor: Actor, resident: Resident, *, now: datetime) -> bool:
    """Whether a family member may order for a resident: shared with them, or their guardian."""
    if Consent.Item.VISITS in consents_in_force(resident.pk):
        return True
    own = Contact.objects.filter(pk__in=actor.contact_ids, resident=resident)
    today = timezone.localdate(now)
    return any(is_guardian_of(each, resident, today=today) for each in own)


def oldest_due_at(*, now: datetime) -> datetime | None:
    """When the most overdue clock of an order or a complaint was due."""
    moments = [
        oldest(Order.objects.filter(state__in=Order.OPEN), now=now),
        oldest(Complaint.objects.filter(state__in=Complaint.LIVE), now=now),
    ]
    return min((each for each in moments if each), default=None)
