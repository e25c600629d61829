from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_guardians_and_the_ok_hour'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consent',
            name='item',
            field=models.CharField(choices=[('alerts', 'alerts'), ('visits', 'visits'), ('health', 'health'), ('location', 'location'), ('assistance', 'benefits and assistance'), ('recording', 'recording of calls'), ('wellbeing', 'reminders and the daily I-am-OK')], max_length=12),
        ),
    ]
