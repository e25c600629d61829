"""App of notifications."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    """How people are reached."""

    name = "notifications"
    label = "notifications"

    def ready(self) -> None:
        """Let every app register its `messages`: templates and what replies mean."""
        autodiscover_modules("messages")
