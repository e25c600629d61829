"""Addresses of visits and care plans at the API."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.visits.api import VisitViewSet

router = SimpleRouter()
router.register("visits", VisitViewSet, basename="visit")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
