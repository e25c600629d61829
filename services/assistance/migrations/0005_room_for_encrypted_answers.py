from django.db import migrations

import backend.core.fields


class Migration(migrations.Migration):
    """Expand: ability answers, diagnoses and what the rules said, beside those in the clear."""

    dependencies = [("assistance", "0004_dibao_only_by_its_way")]

    operations = [
        migrations.AddField(
            "abilityassessment",
            "scores_sealed",
            backend.core.fields.EncryptedJSONField(default=dict),
            preserve_default=False,
        ),
        migrations.AddField(
            "abilityassessment",
            "risk_events_sealed",
            backend.core.fields.EncryptedJSONField(default=dict),
        ),
        migrations.AddField(
            "abilityassessment",
            "is_in_coma_sealed",
            backend.core.fields.EncryptedJSONField(default=False),
        ),
        migrations.AddField(
            "abilityassessment",
            "has_dementia_sealed",
            backend.core.fields.EncryptedJSONField(default=False),
        ),
        migrations.AddField(
            "abilityassessment",
            "has_psychiatric_diagnosis_sealed",
            backend.core.fields.EncryptedJSONField(default=False),
        ),
        migrations.AddField(
            "opinion", "verdict_sealed", backend.core.fields.EncryptedJSONField(default=dict)
        ),
        migrations.AlterField(
            "deadline",
            "pause_reason",
            backend.core.fields.EncryptedTextField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            "deadline",
            "extension_reason",
            backend.core.fields.EncryptedTextField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            "homevisit",
            "way_reason",
            backend.core.fields.EncryptedTextField(blank=True, max_length=200),
        ),
    ]
