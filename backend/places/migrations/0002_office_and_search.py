"""Offices of areas, and addresses found by what they resemble."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.AddField("area", "office_lat", models.FloatField(null=True)),
        migrations.AddField("area", "office_lon", models.FloatField(null=True)),
        migrations.AddField(
            "address",
            "search_text",
            models.CharField(blank=True, editable=False, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "address",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="address_search", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
