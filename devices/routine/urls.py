"""Addresses of routines."""

from django.urls import URLPattern, path

from devices.routine import pages

urlpatterns: list[URLPattern] = [
    path("desk/residents/<uuid:resident_id>/movement/", pages.movement, name="desk_movement"),
]
