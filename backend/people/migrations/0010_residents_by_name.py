import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0009_rights_of_the_person"),
        ('places', '0002_office_and_search'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='resident',
            index=models.Index(fields=['name', 'id'], name='resident_by_name'),
        ),
        migrations.AddIndex(
            model_name='resident',
            index=django.contrib.postgres.indexes.GinIndex(fields=['name'], name='resident_name_search', opclasses=['gin_trgm_ops']),
        ),
    ]
