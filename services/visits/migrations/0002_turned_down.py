from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_care_plans_and_visits")]

    operations = [
        migrations.AddField(
            model_name="visitcarer",
            name="turned_down",
            field=models.BooleanField(default=False),
        ),
    ]
