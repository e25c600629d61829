from django.db import migrations


class Migration(migrations.Migration):
    """Contract."""

    dependencies = [("assistance", "0006_answers_and_reasons_are_encrypted")]

    operations = [
        migrations.RemoveField("abilityassessment", "scores"),
        migrations.RenameField("abilityassessment", "scores_sealed", "scores"),
        migrations.RemoveField("abilityassessment", "risk_events"),
        migrations.RenameField("abilityassessment", "risk_events_sealed", "risk_events"),
        migrations.RemoveField("abilityassessment", "is_in_coma"),
        migrations.RenameField("abilityassessment", "is_in_coma_sealed", "is_in_coma"),
        migrations.RemoveField("abilityassessment", "has_dementia"),
        migrations.RenameField("abilityassessment", "has_dementia_sealed", "has_dementia"),
        migrations.RemoveField("abilityassessment", "has_psychiatric_diagnosis"),
        migrations.RenameField("abilityassessment", "has_psychiatric_diagnosis_sealed", "has_psychiatric_diagnosis"),
        migrations.RemoveField("opinion", "verdict"),
        migrations.RenameField("opinion", "verdict_sealed", "verdict"),
    ]
