"""API addresses of services.assistance."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.assistance.cases.api import CaseViewSet, HolidayViewSet, HomeVisitViewSet
from services.assistance.offers.api import EntitlementViewSet, OfferViewSet
from services.assistance.policy.api import KnownFactViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("home-visits", HomeVisitViewSet, basename="home-visit")
router.register("holidays", HolidayViewSet, basename="holiday")
router.register("offers", OfferViewSet, basename="offer")
router.register("known-facts", KnownFactViewSet, basename="known-fact")
router.register("entitlements", EntitlementViewSet, basename="entitlement")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
