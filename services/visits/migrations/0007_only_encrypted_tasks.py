from django.db import migrations, models


class Migration(migrations.Migration):
    """Contract."""

    dependencies = [("visits", "0006_tasks_and_wishes_are_encrypted")]

    operations = [
        migrations.RemoveField("careplan", "tasks"),
        migrations.RenameField("careplan", "tasks_sealed", "tasks"),
        migrations.RemoveField("visit", "tasks"),
        migrations.RenameField("visit", "tasks_sealed", "tasks"),
        migrations.AddConstraint(
            "visittask",
            models.UniqueConstraint(fields=("visit", "task_index"), name="task_outcome_once"),
        ),
    ]
