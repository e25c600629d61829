from django.db import migrations

from backend.core import sealing


class Migration(migrations.Migration):
    """Backfill."""

    atomic = False
    dependencies = [("visits", "0005_room_for_encrypted_tasks")]

    operations = [
        sealing.seal_values("visits_careplan", "tasks"),
        sealing.seal_values("visits_visit", "tasks"),
        sealing.seal_texts("visits_careplan", "end_reason"),
        sealing.seal_texts("visits_visit", "wish"),
        sealing.seal_texts("visits_visitrequest", "wish", "answer"),
        sealing.seal_texts("visits_visittask", "task"),
        sealing.index_texts("visits_visittask", "task", "task_index", context="visit task"),
    ]
