from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0004_claims_and_trials'),
    ]

    operations = [
        migrations.AlterField(
            model_name='device',
            name='kind',
            field=models.CharField(choices=[('sos_button', 'help button'), ('motion', 'motion sensor'), ('door', 'door contact'), ('water', 'water sensor'), ('smoke', 'smoke detector'), ('gas', 'gas detector'), ('fall_radar', 'fall radar'), ('bed', 'bed sensor'), ('seat', 'seat sensor'), ('climate', 'temperature sensor'), ('meter', 'water meter'), ('watch', 'watch'), ('gateway', 'gateway'), ('other', 'other')], max_length=12),
        ),
        migrations.AddField(
            model_name='device',
            name='model',
            field=models.CharField(blank=True, default='', max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='device',
            name='firmware',
            field=models.CharField(blank=True, default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='device',
            name='battery_low_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='battery_good_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(condition=Q(('adapter__in', ('chirpstack', 'watch')), Q(('external_id', ''), _negated=True)), fields=('adapter', 'external_id'), name='device_worldwide_id_once'),
        ),
    ]
