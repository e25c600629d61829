"""App of visits."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Care plans, rota, visits: planned, made, checked in and out."""

    name = "services.visits"
    label = "visits"
