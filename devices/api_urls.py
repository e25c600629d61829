"""Addresses of devices at the API."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from devices.api import DeviceViewSet

router = SimpleRouter()
router.register("devices", DeviceViewSet, basename="device")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
