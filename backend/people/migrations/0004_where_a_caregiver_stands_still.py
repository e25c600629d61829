"""Since when a caregiver has been where they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_blind_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='caregiver',
            name='still_lat',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='still_lon',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='caregiver',
            name='still_since',
            field=models.DateTimeField(null=True),
        ),
    ]
