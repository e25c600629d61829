from django.db import migrations

import backend.core.fields
from backend.core import sealing


class Migration(migrations.Migration):
    """No telephone number stands readable in the database, a firm's neither."""

    atomic = False
    dependencies = [("community", "0002_photos_of_complaints")]

    operations = [
        migrations.AlterField(
            "provider", "phone", backend.core.fields.EncryptedTextField(max_length=20)
        ),
        sealing.seal_texts("community_provider", "phone"),
    ]
