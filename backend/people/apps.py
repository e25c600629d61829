"""App of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Residents, households, contacts, caregivers."""

    name = "backend.people"
    label = "people"
