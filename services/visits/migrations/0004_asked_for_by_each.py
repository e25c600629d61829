from django.db import migrations, models


class Migration(migrations.Migration):
    """Two of a family may ask for the same: each has words of their own and hears an answer."""

    dependencies = [("visits", "0003_visits_asked_for")]

    operations = [
        migrations.RemoveConstraint(model_name="visitrequest", name="visit_request_open_once"),
        migrations.AddConstraint(
            model_name="visitrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(state="open"),
                fields=("resident", "service", "asked_by"),
                name="visit_request_open_once",
            ),
        ),
    ]
