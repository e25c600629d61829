import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('devices', '0005_more_homes'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WatchedHome',
            fields=[
                ('due_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('household', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='watched', serialize=False, to='people.household')),
                ('state', models.CharField(choices=[('at_home', 'at home'), ('out', 'went out'), ('nobody', 'nobody lives there now'), ('unknown', 'not known')], default='unknown', max_length=8)),
                ('watched_since', models.DateTimeField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('moved_in', models.CharField(blank=True, max_length=40)),
                ('alert', models.UUIDField(null=True)),
                ('told_for', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='watched_home_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at__isnull', False)), name='watched_home_is_due')],
            },
        ),
    ]
