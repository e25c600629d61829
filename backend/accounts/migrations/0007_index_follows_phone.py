import backend.core.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_three_administrators"),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, of='phone'),
        ),
    ]
