"""A call is due until somebody has closed it; a stranger's later press is answered for itself."""

import django.db.models.deletion
from django.db import migrations, models

import backend.core.models

REMIND_OF_THOSE_OPEN = """
UPDATE emergencies_emergencycall SET due_at = coalesce(arrived_at, opened_at) + interval '1 hour'
WHERE state = 'arrived' AND due_at IS NULL
"""


class Migration(migrations.Migration):
    """Arrived calls get a time at which whoever is there is asked; receipts of presses."""

    dependencies = [("emergencies", "0002_an_open_call_is_due")]

    operations = [
        migrations.RunSQL(REMIND_OF_THOSE_OPEN, migrations.RunSQL.noop),
        migrations.RemoveConstraint("emergencycall", "call_open_is_due"),
        migrations.AddConstraint(
            "emergencycall",
            models.CheckConstraint(
                condition=models.Q(("state", "resolved"), ("due_at__isnull", False), _connector="OR"),
                name="call_open_is_due",
            ),
        ),
        migrations.CreateModel(
            "Receipt",
            [
                (
                    "id",
                    models.UUIDField(
                        default=backend.core.models.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="emergencies.emergencycall",
                    ),
                ),
                ("given_at", models.DateTimeField()),
            ],
        ),
    ]
