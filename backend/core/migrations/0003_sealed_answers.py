from django.db import migrations

import backend.core.fields


class Migration(migrations.Migration):
    """Answers kept for repeated requests are encrypted; the few kept in the clear are dropped."""

    dependencies = [("core", "0002_head_and_cache")]

    operations = [
        migrations.RunSQL("DELETE FROM core_idempotencykey", migrations.RunSQL.noop),
        migrations.RemoveField("idempotencykey", "body"),
        migrations.AddField(
            "idempotencykey",
            "body",
            backend.core.fields.EncryptedTextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
