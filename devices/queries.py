"""Devices as their viewers may see them."""

from django.db.models import QuerySet

from backend.accounts.actors import Actor
from backend.accounts.queries import areas_condition
from backend.people.models import Household, Resident
from devices.models import Device

MANAGE = "create"


def devices_visible_to(actor: Actor, action: str = "read") -> QuerySet[Device]:
    """Devices of the homes within the actor's scope for the action."""
    scope = actor.scope("devices", action)
    within = areas_condition(actor, scope, path="household__address__area__path")
    return Device.objects.filter(within).select_related("household__address__area", "resident")


def homes_to_equip(actor: Actor) -> QuerySet[Household]:
    """Homes in which the actor may install devices."""
    scope = actor.scope("devices", MANAGE)
    return Household.objects.filter(areas_condition(actor, scope, path="address__area__path"))


def residents_to_equip(actor: Actor) -> QuerySet[Resident]:
    """Residents to whom the actor may give devices."""
    return Resident.objects.filter(areas_condition(actor, actor.scope("devices", MANAGE)))


def gateways_to_use(actor: Actor) -> QuerySet[Device]:
    """Gateways behind which the actor may put devices."""
    return devices_visible_to(actor, MANAGE).filter(kind=Device.Kind.GATEWAY)
