"""Which people and places an actor reaches for an action; what lies outside is not there."""

from django.db.models import Q, QuerySet

from backend.accounts.access import Scope
from backend.accounts.actors import Actor
from backend.accounts.queries import areas_condition, residents_condition
from backend.people.models import Caregiver, Consent, Contact, Household, Resident
from backend.places.models import Area


def residents_visible_to(actor: Actor, action: str = "read") -> QuerySet[Resident]:
    """Residents by name."""
    reached = residents_condition(actor, actor.scope("residents", action))
    return Resident.objects.filter(reached).select_related("area", "household__address")


def households_visible_to(actor: Actor, action: str = "read") -> QuerySet[Household]:
    """Homes in the area, or of the residents the scope reaches."""
    scope = actor.scope("households", action)
    homes = Household.objects.select_related("address__area")
    if scope in (Scope.ALL, Scope.AREA):
        return homes.filter(areas_condition(actor, scope, path="address__area__path"))
    residents = Resident.objects.filter(residents_condition(actor, scope))
    return homes.filter(pk__in=residents.values("household"))


def contacts_visible_to(actor: Actor, action: str = "read") -> QuerySet[Contact]:
    """Contacts of residents the scope reaches."""
    reached = residents_condition(actor, actor.scope("contacts", action), at="resident")
    return Contact.objects.filter(reached).select_related("resident__area")


def consents_visible_to(actor: Actor, action: str = "read") -> QuerySet[Consent]:
    """Consents of residents the scope reaches, withdrawn ones too."""
    reached = residents_condition(actor, actor.scope("consents", action), at="resident")
    return Consent.objects.filter(reached).select_related("resident__area")


def caregivers_visible_to(actor: Actor, action: str = "read") -> QuerySet[Caregiver]:
    """Caregivers of the area, or oneself."""
    scope = actor.scope("caregivers", action)
    reached = areas_condition(actor, scope)
    if scope is Scope.SELF:
        reached = Q(pk=actor.caregiver_id)
    return Caregiver.objects.filter(reached).select_related("area")


def areas_visible_to(actor: Actor, action: str = "read") -> QuerySet[Area]:
    """Areas of one's subtree, or all."""
    return Area.objects.filter(areas_condition(actor, actor.scope("areas", action), path="path"))
