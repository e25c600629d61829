"""Addresses of visits, care plans and absences at the API."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.visits.api import VisitViewSet
from services.visits.api_plans import AbsenceViewSet, CarePlanViewSet, MyDayView
from services.visits.api_requests import VisitRequestViewSet

router = SimpleRouter()
router.register("visits", VisitViewSet, basename="visit")
router.register("care-plans", CarePlanViewSet, basename="care-plan")
router.register("absences", AbsenceViewSet, basename="absence")
router.register("visit-requests", VisitRequestViewSet, basename="visit-request")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("care/day/", MyDayView.as_view(), name="my-day"),
]
