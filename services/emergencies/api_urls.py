"""Addresses of calls at the API."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.emergencies.api import CallViewSet, EscalationPolicyView
from services.emergencies.api_family import FamilyTodayView

router = SimpleRouter()
router.register("calls", CallViewSet, basename="call")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("family/today/", FamilyTodayView.as_view(), name="family-today"),
    path(
        "areas/<int:area_id>/escalation-policy/",
        EscalationPolicyView.as_view({"get": "retrieve", "put": "update"}),
        name="escalation-policy",
    ),
]
