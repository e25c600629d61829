"""A call that nobody has reached yet always has a time at which its ladder goes on."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("emergencies", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="emergencycall",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["arrived", "resolved"]) | Q(due_at__isnull=False),
                name="call_open_is_due",
            ),
        ),
    ]
