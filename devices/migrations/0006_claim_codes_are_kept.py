import backend.core.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0005_more_homes'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='claim_code',
            field=backend.core.fields.EncryptedTextField(blank=True),
        ),
        migrations.AlterField(
            model_name='device',
            name='claim_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='claim code', db_index=True, editable=False, max_length=64, may_lack_source=True, of='claim_code'),
        ),
    ]
