from django.db import migrations, models


class Migration(migrations.Migration):
    """What each machine last saw of the database's clock."""

    dependencies = [("core", "0004_readers_and_types")]

    operations = [
        migrations.CreateModel(
            "ClockWatch",
            [
                ("machine", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("highest_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[("back", "set back"), ("apart", "clocks apart")],
                        max_length=8,
                    ),
                ),
                ("wrong_by_s", models.FloatField(default=0.0)),
            ],
        )
    ]
