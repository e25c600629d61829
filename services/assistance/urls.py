"""Addresses of services.assistance."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("services.assistance.cases.urls")),
    path("", include("services.assistance.policy.urls")),
    path("", include("services.assistance.offers.urls")),
    path("", include("services.assistance.ability.urls")),
]
