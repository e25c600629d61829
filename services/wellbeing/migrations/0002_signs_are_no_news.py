"""By which sign somebody was heard of is no news to who may not know of movement or visits."""

from django.db import migrations

FORGET = """
UPDATE core_journalevent SET data = data - 'way'
WHERE type = 'ok.heard' AND data ->> 'way' IN ('activity', 'visit')
"""


class Migration(migrations.Migration):
    """What was written before says it no more; nothing brings it back."""

    dependencies = [
        ("core", "0006_journal_tells_of_itself"),
        ("wellbeing", "0001_reminders_days_and_watch"),
    ]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
