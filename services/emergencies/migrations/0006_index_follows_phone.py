import backend.core.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('emergencies', '0005_the_telephone_beside_a_console'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deskphone',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, of='phone'),
        ),
        migrations.AlterField(
            model_name='dutyphone',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, of='phone'),
        ),
    ]
