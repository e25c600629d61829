"""Tables of community, one module an idea."""

from services.community.models.catalogue import OpeningHours, Provider, Service, ServiceOffer
from services.community.models.complaints import Complaint, ComplaintEvent, ComplaintPhoto
from services.community.models.orders import Order, OrderEvent, ProviderLink, StandingOrder

__all__ = [
    "Complaint",
    "ComplaintEvent",
    "ComplaintPhoto",
    "OpeningHours",
    "Order",
    "OrderEvent",
    "Provider",
    "ProviderLink",
    "Service",
    "ServiceOffer",
    "StandingOrder",
]
