"""API addresses of services.community."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.community.api import OrderViewSet, StandingOrderViewSet
from services.community.api_catalogue import ProviderViewSet, ServiceViewSet
from services.community.api_complaints import ComplaintViewSet, HotlineView

router = SimpleRouter()
router.register("services", ServiceViewSet, basename="service")
router.register("providers", ProviderViewSet, basename="provider")
router.register("orders", OrderViewSet, basename="order")
router.register("standing-orders", StandingOrderViewSet, basename="standing-order")
router.register("complaints", ComplaintViewSet, basename="complaint")

urlpatterns: list[URLPattern | URLResolver] = [
    path("complaints/hotline/", HotlineView.as_view(), name="complaints-hotline"),
    path("", include(router.urls)),
]
