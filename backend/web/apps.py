"""App of the pages' common ground."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class WebConfig(AppConfig):
    """Templates, static files and template tags; no tables."""

    name = "backend.web"
    label = "web"

    def ready(self) -> None:
        """Add the app's rows to the access table."""
        import_string("backend.accounts.access.declare")(
            import_string("backend.web.policies.GRANTS")
        )
