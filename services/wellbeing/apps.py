"""App of wellbeing."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """Reminders, the daily I-am-OK, and who was not heard of."""

    name = "services.wellbeing"
    label = "wellbeing"
