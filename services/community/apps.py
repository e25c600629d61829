"""App of community."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What can be ordered and complained of: the green button's services."""

    name = "services.community"
    label = "community"
