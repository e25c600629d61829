from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("devices", "0007_partitions_by_function"),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='placed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
