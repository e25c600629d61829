from django.db import migrations, models
import django.db.models.deletion

CREATE = """
CREATE TABLE devices_reading (
    device_id uuid NOT NULL,
    metric varchar(64) NOT NULL,
    value double precision,
    text text,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    flags smallint NOT NULL DEFAULT 0
) PARTITION BY RANGE (received_at);
CREATE INDEX devices_reading_device ON devices_reading (device_id, at);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CREATE, 'DROP TABLE devices_reading'),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('pk', models.CompositePrimaryKey('device_id', 'metric', 'at', 'received_at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('device', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='devices.device')),
                ('metric', models.CharField(max_length=64)),
                ('value', models.FloatField(null=True)),
                ('text', models.TextField(null=True)),
                ('at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('flags', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'db_table': 'devices_reading',
                'managed': False,
            },
        ),
        migrations.AddField(
            model_name='device',
            name='battery_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='online_at',
            field=models.DateTimeField(null=True),
        ),
    ]
