from django.db import migrations

import backend.core.fields
from backend.core import sealing


class Migration(migrations.Migration):
    """What staff wrote when they closed an alert may speak of health."""

    atomic = False
    dependencies = [("alerts", "0003_climbing")]

    operations = [
        migrations.AlterField(
            "alert", "note", backend.core.fields.EncryptedTextField(blank=True, max_length=300)
        ),
        sealing.seal_texts("alerts_alert", "note"),
    ]
