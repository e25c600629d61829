"""App of notifications."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from backend.people.numbers import register_number_listener
from backend.people.routes import register_route_check
from backend.web.api.extra_paths import extra_paths


class NotificationsConfig(AppConfig):
    """How people are reached."""

    name = "notifications"
    label = "notifications"

    def ready(self) -> None:
        """Let every app register its `messages`: templates and what replies mean.

        Those who enrol people are told who cannot be reached, an old number is rung no more, and
        the description of the doors gets the hooks, which DRF does not serve.
        """
        autodiscover_modules("messages")
        import_module("notifications.codes")
        import_module("notifications.mourning")
        import_module("notifications.withdrawing")
        register_route_check(import_module("notifications.routes").has_route)
        register_number_listener(import_module("notifications.actions").readdress)
        extra_paths.update(import_module("notifications.openapi").PATHS)
