"""App of webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Other systems of the district hear of events."""

    name = "backend.webhooks"
    label = "webhooks"
