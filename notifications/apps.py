"""App of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """How people are reached."""

    name = "notifications"
    label = "notifications"
