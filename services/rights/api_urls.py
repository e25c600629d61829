"""API addresses of services.rights."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from services.rights.api import RightsRequestViewSet

router = SimpleRouter()
router.register("rights-requests", RightsRequestViewSet, basename="rights-request")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
