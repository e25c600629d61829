"""Addresses of services.assistance."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("services.assistance.cases.urls")),
]
