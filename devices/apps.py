"""App of devices."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """What homes say."""

    name = "devices"
    label = "devices"
