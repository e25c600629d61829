import backend.core.fields
from backend.core import sealing
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('enrolment', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactcheck',
            name='phone',
            field=backend.core.fields.EncryptedTextField(blank=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='phone',
            field=backend.core.fields.EncryptedTextField(blank=True),
        ),
        migrations.AlterField(
            model_name='contactcheck',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, may_lack_source=True, of='phone'),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, may_lack_source=True, of='phone'),
        ),
        sealing.copy_by_index(
            into=("enrolment_contactcheck", "phone"),
            index="phone_index",
            source=("people_contact", "phone"),
            source_index="phone_index",
        ),
        sealing.copy_by_index(
            into=("enrolment_invitation", "phone"),
            index="phone_index",
            source=("people_contact", "phone"),
            source_index="phone_index",
        ),
    ]
