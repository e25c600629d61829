from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_preferences'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='dials',
            field=models.PositiveSmallIntegerField(default=3),
        ),
    ]
