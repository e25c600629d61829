from django.db import migrations

import backend.core.fields


class Migration(migrations.Migration):
    """Expand: tasks, encrypted, beside those in the clear; what became of one is found by index."""

    dependencies = [("visits", "0004_asked_for_by_each")]

    operations = [
        migrations.RemoveConstraint("visittask", "task_outcome_once"),
        migrations.AddField(
            "visittask",
            "task_index",
            backend.core.fields.BlindIndexField(context="visit task", of="task"),
        ),
        migrations.AddField(
            "careplan",
            "tasks_sealed",
            backend.core.fields.EncryptedJSONField(blank=True, default=list),
        ),
        migrations.AddField(
            "visit",
            "tasks_sealed",
            backend.core.fields.EncryptedJSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            "careplan",
            "end_reason",
            backend.core.fields.EncryptedTextField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            "visit", "wish", backend.core.fields.EncryptedTextField(blank=True, max_length=200)
        ),
        migrations.AlterField(
            "visitrequest",
            "answer",
            backend.core.fields.EncryptedTextField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            "visitrequest", "wish", backend.core.fields.EncryptedTextField(max_length=200)
        ),
        migrations.AlterField("visittask", "task", backend.core.fields.EncryptedTextField()),
    ]
