"""App of the pages' common ground."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files, template tags and the common API; no tables."""

    name = "backend.web"
    label = "web"
