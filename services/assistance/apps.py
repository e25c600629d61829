"""App of assistance."""

from importlib import import_module

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """Benefits and cases: rules as data, clocks, offers, letters."""

    name = "services.assistance"
    label = "assistance"

    def ready(self) -> None:
        """Let each part say where it stands on other people's pages."""
        import_module("services.assistance.cases.letters")
        for part in ("cases", "policy", "offers", "ability"):
            import_module(f"services.assistance.{part}.places")
