"""Addresses of people and places at the API."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from backend.web.api.people.consents import ConsentViewSet
from backend.web.api.people.homes import ContactViewSet, HouseholdViewSet
from backend.web.api.people.residents import ResidentViewSet
from backend.web.api.people.staff import CaregiverViewSet
from backend.web.api.places import AreaViewSet, PlaceSearchView

router = SimpleRouter()
router.register("residents", ResidentViewSet, basename="resident")
router.register("households", HouseholdViewSet, basename="household")
router.register("contacts", ContactViewSet, basename="contact")
router.register("caregivers", CaregiverViewSet, basename="caregiver")
router.register("consents", ConsentViewSet, basename="consent")
router.register("areas", AreaViewSet, basename="area")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("places/", PlaceSearchView.as_view(), name="places"),
]
