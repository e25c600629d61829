"""API addresses of services.assistance."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.assistance.cases.api import CaseViewSet, HolidayViewSet, HomeVisitViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("home-visits", HomeVisitViewSet, basename="home-visit")
router.register("holidays", HolidayViewSet, basename="holiday")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
