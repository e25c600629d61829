"""The days of 2026 as the State Council announced them; later years are entered by staff."""

from datetime import timedelta
from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "cases" / "holidays.yaml"


def enter(apps, schema_editor):
    holiday = apps.get_model("assistance", "Holiday")
    year = apps.get_model("assistance", "HolidayYear")
    for notice in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        source = notice["source"]
        year.objects.get_or_create(year=notice["year"], defaults={"source": source})
        for rest in notice["rest"]:
            day = rest["from"]
            while day <= rest["until"]:
                holiday.objects.get_or_create(
                    date=day, defaults={"name": rest["name"], "source": source}
                )
                day += timedelta(days=1)
        for work in notice["work"]:
            holiday.objects.get_or_create(
                date=work["day"],
                defaults={"name": work["name"], "source": source, "is_workday": True},
            )


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_cases")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
