from django.db import migrations

from backend.core import sealing


class Migration(migrations.Migration):
    """Backfill."""

    atomic = False
    dependencies = [("assistance", "0005_room_for_encrypted_answers")]

    operations = [
        sealing.seal_values(
            "assistance_abilityassessment",
            *("scores", "risk_events", "is_in_coma", "has_dementia", "has_psychiatric_diagnosis"),
        ),
        sealing.seal_values("assistance_opinion", "verdict"),
        sealing.seal_texts("assistance_deadline", "pause_reason", "extension_reason"),
        sealing.seal_texts("assistance_homevisit", "way_reason"),
    ]
