import backend.core.fields
from backend.core import sealing
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_index_follows_phone'),
        ('people', '0006_consent_to_wellbeing'),
        ('notifications', '0005_who_rings_us_and_who_is_put_through'),
    ]

    operations = [
        migrations.AddField(
            model_name='suppression',
            name='address',
            field=backend.core.fields.EncryptedTextField(blank=True),
        ),
        migrations.AlterField(
            model_name='bridgeline',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', db_index=True, editable=False, max_length=64, of='phone'),
        ),
        migrations.AlterField(
            model_name='callin',
            name='phone_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, of='phone'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='address_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', db_index=True, editable=False, max_length=64, of='address'),
        ),
        migrations.AlterField(
            model_name='suppression',
            name='address_index',
            field=backend.core.fields.BlindIndexField(blank=True, context='phone', editable=False, max_length=64, may_lack_source=True, of='address', primary_key=True, serialize=False),
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("people_resident", "phone"),
            source_index="phone_index",
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("people_resident", "second_phone"),
            source_index="second_phone_index",
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("people_contact", "phone"),
            source_index="phone_index",
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("people_caregiver", "phone"),
            source_index="phone_index",
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("accounts_user", "phone"),
            source_index="phone_index",
        ),
        sealing.copy_by_index(
            into=("notifications_suppression", "address"),
            index="address_index",
            source=("notifications_delivery", "address"),
            source_index="address_index",
        ),
    ]
