"""App of devices."""

from importlib import import_module

from django.apps import AppConfig

from backend.web.api.extra_paths import extra_paths


class DevicesConfig(AppConfig):
    """What homes say."""

    name = "devices"
    label = "devices"

    def ready(self) -> None:
        """Describe the doors that DRF does not serve; say what was seen of whom, and when."""
        import_module("devices.signs")
        import_module("devices.today")
        extra_paths.update(import_module("devices.ingest.openapi").PATHS)
