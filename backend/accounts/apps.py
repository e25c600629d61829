"""App of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles, sign-in, tokens, the access table."""

    name = "backend.accounts"
    label = "accounts"
