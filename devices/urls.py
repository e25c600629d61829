"""Addresses of devices."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("devices.enrolment.urls")),
    path("", include("devices.routine.urls")),
]
