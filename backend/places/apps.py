"""App of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Areas, addresses, positions."""

    name = "backend.places"
    label = "places"
