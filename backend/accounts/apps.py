"""App of accounts."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles, sign-in, tokens, the access table."""

    name = "backend.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Collect the access table, name the secrets that allauth keeps, and hear of deaths."""
        import_module("backend.accounts.mfa")
        import_module("backend.accounts.access").discover()
        import_module("backend.accounts.mourning")
