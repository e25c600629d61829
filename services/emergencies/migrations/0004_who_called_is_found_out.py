"""The desk finds out whose call of nobody known it was."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('emergencies', '0003_closing_and_receipts'),
    ]

    operations = [
        migrations.AddField(
            model_name='emergencycall',
            name='duplicate_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='emergencies.emergencycall'),
        ),
        migrations.AddField(
            model_name='emergencycall',
            name='identified_at',
            field=models.DateTimeField(null=True),
        ),
    ]
